using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.ReadPlan;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>What one poll has brought so far, and what it has learnt about the device. What is learnt counts only once the session has taken it over.</summary>
internal sealed class Poll(DateTimeOffset at, Reading[] readings, ReadFindings known)
{
    private const int LeastToJudge = 10;
    private const double OtherModelShare = 0.8;
    private const int SurelyOther = 50;
    private const int TemporaryLimit = 3;

    private ReadFindings? _learnt;
    private int _refusedRequired;
    private int _temporaryInARow;

    /// <summary>Timestamp of the snapshot.</summary>
    public DateTimeOffset At => at;

    /// <summary>One reading a sensor.</summary>
    public Reading[] Readings => readings;

    /// <summary>Points that answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Points that were refused, alone.</summary>
    public int Refused { get; private set; }

    /// <summary>Whether a request has failed on the link already, so that the next failure ends the poll.</summary>
    public bool HasFailedOnce { get; set; }

    /// <summary>Whether the device has answered anything, a refusal included.</summary>
    public bool IsTalking { get; set; }

    /// <summary>Requests that had to be split.</summary>
    public int Splits { get; set; }

    /// <summary>The newest refusal that may be over soon; null when there was none.</summary>
    public ModbusResult? LastTemporary { get; private set; }

    /// <summary>Whether the plan has to be made anew.</summary>
    public bool Replan { get; set; }

    /// <summary>The findings with what was learnt; null when nothing was.</summary>
    public ReadFindings? Learnt => _learnt;

    /// <summary>Where to note what is learnt.</summary>
    public ReadFindings Findings
    {
        get
        {
            Replan = true;
            return _learnt ??= known.Copy();
        }
    }

    /// <summary>Whether asking on is a waste: so far nothing but refusals, and many of them.</summary>
    public bool IsHopeless => Answered == 0 && Refused >= SurelyOther;

    /// <summary>
    /// Whether the device, now that everything was asked for, refuses so much that it must be another one. Nothing may be learnt from it then. Single
    /// refusals mean nothing: firmware and accessories differ.
    /// </summary>
    public bool IsUnlikeModel =>
        (Answered == 0 && Refused > 0) || (_refusedRequired >= LeastToJudge && _refusedRequired > OtherModelShare * (_refusedRequired + Answered));

    /// <summary>Counts points that answered.</summary>
    public void CountAnswered(int points)
    {
        Answered += points;
        _temporaryInARow = 0;
    }

    /// <summary>Counts a point that was refused alone.</summary>
    public void CountRefused(bool isOptional)
    {
        Refused++;
        if (!isOptional) _refusedRequired++;
        _temporaryInARow = 0;
    }

    /// <summary>Counts a refusal that may be over soon.</summary>
    /// <returns>Whether the device should be left in peace for this poll: it is refusing on and on, or a gateway finds nobody.</returns>
    public bool CountTemporary(ModbusResult result)
    {
        LastTemporary = result;
        _temporaryInARow++;
        var isNobodyThere = Answered == 0
            && result.Exception is ModbusException.GatewayPathUnavailable or ModbusException.GatewayTargetFailedToRespond;
        return isNobodyThere || _temporaryInARow >= TemporaryLimit;
    }
}
