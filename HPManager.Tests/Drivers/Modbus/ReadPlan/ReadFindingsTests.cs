using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.ReadPlan;
using static HPManager.Tests.Drivers.Modbus.ReadPlan.PlanPoints;

namespace HPManager.Tests.Drivers.Modbus.ReadPlan;

public class ReadFindingsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Parse_WhatWasKept_IsTheSame()
    {
        var optional = Word(7) with { Optional = true };
        var findings = new ReadFindings();
        findings.NoteAbsent(Double(1392), ModbusException.IllegalFunction, Now);
        findings.NoteCut(Word(1200), Now);
        findings.NotePresent(optional);

        var kept = ReadFindings.Parse(findings.ToJson());

        Assert.Equal(ModbusException.IllegalFunction, kept.RefusalOf(Double(1392)));
        Assert.True(kept.IsCut(ModbusTable.HoldingRegister, 1200));
        Assert.True(kept.IsPresent(optional));
        Assert.Equal(findings.ToJson(), kept.ToJson());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1, 2]")]
    [InlineData("{\"absent\": null}")]
    public void Parse_NothingOrRubbish_IsNoFindings(string? json) => Assert.Equal(new ReadFindings().ToJson(), ReadFindings.Parse(json).ToJson());

    [Fact]
    public void NoteAbsent_OnePoint_SaysNothingOfAnotherTableOrWidth()
    {
        var findings = new ReadFindings();
        findings.NoteAbsent(Word(22), ModbusException.IllegalDataAddress, Now);

        Assert.False(findings.IsAbsent(Word(22, ModbusTable.InputRegister)));
        Assert.False(findings.IsAbsent(Double(22)));
    }

    [Fact]
    public void IsDue_OneDayAfterTheRefusal_AndNotBefore()
    {
        var findings = new ReadFindings();
        findings.NoteAbsent(Word(22), ModbusException.IllegalDataAddress, Now);

        Assert.False(findings.IsDue(Word(22), Now.AddHours(23)));
        Assert.True(findings.IsDue(Word(22), Now.AddHours(24)));
        Assert.False(findings.IsDue(Word(23), Now.AddHours(24)));
    }

    [Fact]
    public void ForgetOldCuts_AfterADay_LetsTheJoinBeTriedAgain()
    {
        var findings = new ReadFindings();
        findings.NoteCut(Word(22), Now);

        Assert.False(findings.HasOldCuts(Now.AddHours(23)));
        Assert.True(findings.HasOldCuts(Now.AddHours(24)));
        findings.ForgetOldCuts(Now.AddHours(24));
        Assert.False(findings.IsCut(ModbusTable.HoldingRegister, 22));
    }

    [Fact]
    public void Copy_ThatLearns_LeavesTheOriginalAlone()
    {
        var findings = new ReadFindings();

        findings.Copy().NoteAbsent(Word(22), ModbusException.IllegalDataAddress, Now);

        Assert.False(findings.IsAbsent(Word(22)));
    }
}
