using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.ReadPlan;
using static HPManager.Tests.Drivers.Modbus.ReadPlan.PlanPoints;

namespace HPManager.Tests.Drivers.Modbus.ReadPlan;

public class ReadPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Plan_PointsThatTouch_ShareARequest() => Assert.Equal("10(5)", Plan(Rules(), Double(10), Word(12), Double(13)).Text());

    [Fact]
    public void Plan_PointsInAnyOrder_AreReadByAddress() => Assert.Equal("10(3) 20(1)", Plan(Rules(), Word(20), Word(12), Double(10)).Text());

    [Fact]
    public void Plan_GapWithoutAllowedHole_StartsANewRequest() => Assert.Equal("10(1) 12(1)", Plan(Rules(), Word(10), Word(12)).Text());

    [Fact]
    public void Plan_GapWithinAllowedHole_IsReadAlong() => Assert.Equal("10(4) 17(1)", Plan(Rules(maxHole: 2), Word(10), Word(13), Word(17)).Text());

    [Fact]
    public void Plan_MoreThanTheLargestRequest_IsSpreadWithoutCuttingAPoint() =>
        Assert.Equal("10(4) 14(4)", Plan(Rules(maxWords: 5), Double(10), Double(12), Double(14), Double(16)).Text());

    [Fact]
    public void Plan_TablesAtOneAddress_AreReadApart() => Assert.Equal(
        [ModbusTable.InputRegister, ModbusTable.HoldingRegister],
        Plan(Rules(), Word(10, ModbusTable.HoldingRegister), Word(10, ModbusTable.InputRegister)).Select(block => block.Table));

    [Fact]
    public void Plan_PointThatOverlapsTheOneBefore_StartsANewRequestWhereTheProfileSaysSo()
    {
        // Humidity 1392-1393 and the mode of circuit A at 1393 of an iDM: joined, the mode would read the humidity's second word.
        var plan = Plan(Rules(40, 0, 1393), Double(1390), Double(1392), Word(1393), Word(1394));

        Assert.Equal("1390(4) 1393(2)", plan.Text());
        Assert.Equal([[0, 1], [2, 3]], plan.Select(block => block.Points));
    }

    [Fact]
    public void Plan_NewRequestAtAnAddressWhosePointIsNotThere_StillSeparatesItsNeighbours() =>
        Assert.Equal("1392(2) 1394(1)", Plan(Rules(40, 0, 1393), Double(1392), Word(1394)).Text());

    [Fact]
    public void Plan_PointToBeReadAlone_SharesNothing()
    {
        var plan = Plan(Rules(maxHole: 1), Word(10), Word(11) with { ReadAlone = true }, Word(12));

        Assert.Equal("10(1) 11(1) 12(1)", plan.Text());
    }

    [Fact]
    public void Plan_WriteOnlyPoint_IsNeitherReadNorReadAlong() =>
        Assert.Equal("10(1) 12(1)", Plan(Rules(maxHole: 5), Word(10), WriteOnly(11), Word(12)).Text());

    [Fact]
    public void Plan_OptionalPoint_StandsAloneUntilItHasAnswered()
    {
        var optional = Word(11) with { Optional = true };
        var findings = new ReadFindings();
        Assert.Equal("10(1) 11(1) 12(1)", ReadPlanner.Plan([Word(10), optional, Word(12)], _ => Rules(), findings, NoneAlone).Text());

        findings.NotePresent(optional);

        Assert.Equal("10(3)", ReadPlanner.Plan([Word(10), optional, Word(12)], _ => Rules(), findings, NoneAlone).Text());
    }

    [Fact]
    public void Plan_AbsentPoint_IsLeftOutAndNotReadAlong()
    {
        var findings = new ReadFindings();
        findings.NoteAbsent(Word(11), ModbusException.IllegalDataAddress, Now);

        Assert.Equal("10(1) 12(1)", ReadPlanner.Plan([Word(10), Word(11), Word(12)], _ => Rules(maxHole: 3), findings, NoneAlone).Text());
    }

    [Fact]
    public void Plan_RefusedJoin_IsNotMadeAgain()
    {
        var findings = new ReadFindings();
        findings.NoteCut(Word(12), Now);

        Assert.Equal("10(2) 12(2)", ReadPlanner.Plan([Word(10), Word(11), Word(12), Word(13)], _ => Rules(), findings, NoneAlone).Text());
    }

    [Fact]
    public void Plan_PointThatDiffersInBlocks_IsReadAlone() =>
        Assert.Equal("10(1) 11(1) 12(1)", ReadPlanner.Plan([Word(10), Word(11), Word(12)], _ => Rules(), new ReadFindings(), new HashSet<int> { 1 }).Text());
}
