/* usage: libmodbus_reads PORT SUM; see PeerProcess in Contestants.cs for what is said on stdin and stdout */
#include <math.h>
#include <modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { REGISTERS = 125 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void read_once(modbus_t *client, double expected)
{
    static double values[REGISTERS];
    uint16_t words[REGISTERS];
    double sum = 0;
    if (modbus_read_registers(client, 0, REGISTERS, words) != REGISTERS) {
        fprintf(stderr, "a read failed\n");
        exit(1);
    }
    for (int i = 0; i < REGISTERS; i++) {
        values[i] = (int16_t)words[i] * 0.1;
        sum += values[i];
    }
    if (fabs(sum - expected) > 1e-6) {
        fprintf(stderr, "sum %f where %f was expected\n", sum, expected);
        exit(1);
    }
}

int main(int count, char **arguments)
{
    char line[64];
    if (count != 3) return 2;
    modbus_t *client = modbus_new_tcp("127.0.0.1", atoi(arguments[1]));
    double expected = atof(arguments[2]);
    modbus_set_slave(client, 1);
    if (modbus_connect(client) != 0) return 1;
    read_once(client, expected);
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        double start = now(), end = start + atof(line);
        long reads = 0;
        for (; now() < end; reads++) read_once(client, expected);
        printf("%ld %f\n", reads, now() - start);
        fflush(stdout);
    }
    modbus_free(client);
    return 0;
}
