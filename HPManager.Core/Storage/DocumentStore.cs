using Microsoft.EntityFrameworkCore;

namespace HPManager.Core.Storage;

/// <summary>Settings of the whole program that are read and written as one text. Thread-safe.</summary>
public interface IDocumentStore
{
    /// <summary>The text kept under a name; null when there is none.</summary>
    Task<string?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Keeps a text under a name, in place of the one before.</summary>
    Task WriteAsync(string name, string content, CancellationToken cancellationToken);
}

/// <summary>Documents in the configuration's file.</summary>
internal sealed class DocumentStore(IDbContextFactory<HPManagerContext> contexts) : IDocumentStore
{
    public async Task<string?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (await context.Documents.AsNoTracking().FirstOrDefaultAsync(document => document.Name == name, cancellationToken))?.Content;
    }

    public async Task WriteAsync(string name, string content, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Documents.FirstOrDefaultAsync(document => document.Name == name, cancellationToken) is { } known) known.Content = content;
        else context.Documents.Add(new StoredDocument { Name = name, Content = content });
        await context.SaveChangesAsync(cancellationToken);
    }
}
