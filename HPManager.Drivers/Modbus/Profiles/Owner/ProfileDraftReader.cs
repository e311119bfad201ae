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
            Order = header.ReadOrder,
            MaxWords = blocks.Count == 0 ? 1 : blocks.Min(rules => rules.MaxWords),
            MaxHole = blocks.Count == 0 ? 0 : blocks.Min(rules => rules.MaxHole),
            WritesSingly = header.WritesSingly,
            SetupSteps = header.Guide.Steps,
            Rows = rows,
        };
    }

    private static bool IsSimple(ProfileHeader header) =>
        header is { Models.Count: 1, Options.Count: 0, OtherTags.Count: 0, Repeats.Count: 0, Sentinels.Count: 0, ReadTableOption: null, Identity: null, Calculated.Count: 0 }
        && header.Models[0].Tags.Count == 0
        && header.Connection is { ReleasesBetweenPolls: false, IsOneClientPerHost: false }
        && header.Connection.Serial == SerialDefaults.Usual
        && header.Proof.Sensors.Count == 0
        && header.Dashboard.Count == 0
        && header.ReadOrder == header.WriteOrder
        && header.Guide is { Notes.Count: 0, SwitchOn: null }
        && header.Blocks.Values.All(rules => rules.NewRequestAt.Count == 0 && rules.OptionalRanges.Count == 0);
}
