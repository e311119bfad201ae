namespace HPManager.Drivers.Modbus.Profiles.Owner;

/// <summary>Turns the files of a profile back into a draft.</summary>
public static class ProfileDraftReader
{
    /// <summary>
    /// The draft of files that were written from one; null when the files say more than a draft can hold (several models, options, repeats,
    /// identity), so that editing them here would lose it.
    /// </summary>
    /// <param name="files">The files.</param>
    /// <param name="errors">What is wrong with the files; empty when they can be read.</param>
    public static ProfileDraft? Read(ProfileFiles files, out IReadOnlyList<ProfileError> errors)
    {
        ProfileHeader header;
        IReadOnlyList<IReadOnlyDictionary<string, string>> rows;
        try
        {
            header = ProfileHeaderReader.Read(files.Header);
        }
        catch (ProfileFormatException wrong)
        {
            errors = [new ProfileError(ProfileReader.HeaderFile, wrong.Line, wrong.Message)];
            return null;
        }

        try
        {
            rows = RegisterTableReader.ReadTexts(files.Registers);
        }
        catch (ProfileFormatException wrong)
        {
            errors = [new ProfileError(ProfileReader.RegisterFile, wrong.Line, wrong.Message)];
            return null;
        }

        errors = [];
        if (!IsSimple(header)) return null;
        var model = header.Models[0];
        var blocks = header.Blocks.Where(block => Client.ModbusTables.IsOfRegisters(block.Key)).Select(block => block.Value).ToList();
        return new ProfileDraft
        {
            ManufacturerName = header.ManufacturerName,
            Manufacturer = header.Manufacturer,
            ModelName = model.Name,
            Model = model.Key,
            Description = model.Description,
            ConnectionKinds = header.Connection.Kinds,
            Port = header.Connection.Port,
            UnitId = header.Connection.UnitId,
            IntervalSeconds = (int)header.DefaultInterval.TotalSeconds,
            ConnectTimeoutMs = (int)header.Connection.ConnectTimeout.TotalMilliseconds,
            RequestTimeoutMs = (int)header.Connection.RequestTimeout.TotalMilliseconds,
            BaudRate = header.Connection.Serial.BaudRate,
            Parity = header.Connection.Serial.Parity,
            StopBits = header.Connection.Serial.StopBits,
            Order = header.ReadOrder,
            WriteOrder = header.WriteOrder == header.ReadOrder ? null : header.WriteOrder,
            ReadBackWithinMs = (int)header.WriteRules.ReadBackWithin.TotalMilliseconds,
            MinEepromSeconds = (int)header.WriteRules.MinEepromInterval.TotalSeconds,
            MaxWords = blocks.Count == 0 ? 1 : blocks.Min(rules => rules.MaxWords),
            MaxHole = blocks.Count == 0 ? 0 : blocks.Min(rules => rules.MaxHole),
            WritesSingly = header.WritesSingly,
            SetupSteps = header.Guide.Steps,
            Rows = rows,
        };
    }

    /// <summary>
    /// The rows of a pasted table, whatever they say: a line of columns, then a line a row, parted by commas, semicolons or tabs. No column has to be there.
    /// </summary>
    /// <param name="text">The table.</param>
    /// <param name="error">Why nothing can be read; null when it can.</param>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> ReadRows(string text, out string? error)
    {
        error = null;
        var trimmed = text.Trim();
        var head = trimmed.Split('\n', 2)[0];
        var separator = head.Contains('\t', StringComparison.Ordinal) ? '\t' : head.Contains(',', StringComparison.Ordinal) ? ',' : ';';
        try
        {
            return RegisterTableReader.ReadTexts(trimmed, separator, isWhole: false);
        }
        catch (ProfileFormatException wrong)
        {
            error = wrong.Line > 0 ? $"Line {wrong.Line}: {wrong.Message}" : wrong.Message;
            return [];
        }
    }

    private static bool IsSimple(ProfileHeader header) =>
        header is { Models.Count: 1, Options.Count: 0, OtherTags.Count: 0, Repeats.Count: 0, Sentinels.Count: 0, Calculated.Count: 0 }
        && header is { ReadTableOption: null, Identity: null }
        && header.Models[0].Tags.Count == 0
        && header.Connection is { ReleasesBetweenPolls: false, IsOneClientPerHost: false }
        && header.Proof.Sensors.Count == 0
        && header.Dashboard.Count == 0
        && header.Guide is { Notes.Count: 0, SwitchOn: null }
        && header.Blocks.Values.All(rules => rules.NewRequestAt.Count == 0 && rules.OptionalRanges.Count == 0);
}
