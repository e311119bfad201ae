using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace HPManager.Core.Storage.Migrations
{
    internal partial class DeviceFindings : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "device_findings",
                columns: table => new
                {
                    heatpump_id = table.Column<string>(type: "TEXT", nullable: false),
                    topic = table.Column<string>(type: "TEXT", nullable: false),
                    content = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_device_findings", x => new { x.heatpump_id, x.topic });
                    table.ForeignKey(
                        name: "FK_device_findings_heat_pumps_heatpump_id",
                        column: x => x.heatpump_id,
                        principalTable: "heat_pumps",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "device_findings");
        }
    }
}
