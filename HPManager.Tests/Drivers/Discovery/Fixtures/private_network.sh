#!/bin/sh
# Makes a private network of two network namespaces and runs a command in the one that looks; the other one, "devices", is entered by
# nsenter --net=/run/netns/devices. There is no way out of either.
# usage: unshare --net --mount --pid --fork --kill-child --mount-proc private_network.sh COMMAND...
# All that is made here ends with that unshare.
set -e
mount -t tmpfs none /run
ip netns add devices
ip link add house type veth peer name wall
ip link set wall netns devices
ip link set lo up
ip address add 10.77.0.1/26 broadcast + dev house
# A private network that is too large, and a public one (RFC 5737).
ip address add 10.99.7.1/16 broadcast + dev house
ip address add 198.51.100.1/24 broadcast + dev house
ip link set house up
# A private network behind an interface that is down.
ip link add attic type veth peer name roof
ip address add 10.88.0.1/24 dev attic

devices() { nsenter --net=/run/netns/devices "$@"; }
devices ip link set lo up
devices ip address add 10.77.0.20/26 broadcast + dev wall
devices ip address add 10.77.0.30/26 broadcast + dev wall
devices ip link set wall up
"$@"
