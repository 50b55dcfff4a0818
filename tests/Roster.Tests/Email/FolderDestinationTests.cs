using Roster.Core.Events.Consuming;
using Roster.Email;
using Xunit;

namespace Roster.Tests.Email;

public sealed class FolderDestinationTests : IDisposable
{
    private readonly DirectoryInfo top = Directory.CreateTempSubdirectory("roster-");

    private string Folder => Path.Combine(top.FullName, "a", "outbox");

    [Fact]
    public async Task A_mail_is_a_file_that_only_we_can_read()
    {
        await using var mails = Mails(Folder);
        await mails.HandleAsync(SignUps.Of("Ada", "ada@example.com"), CancellationToken.None);
        var file = Assert.Single(Directory.GetFiles(Folder));
        Assert.EndsWith(".eml", file, StringComparison.Ordinal);
        Assert.Equal("auto-generated", new ReadMail(await File.ReadAllBytesAsync(file)).Single("Auto-Submitted"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(Folder).UnixFileMode);
    }

    [Fact]
    public async Task A_repetition_changes_nothing()
    {
        await using var mails = Mails(Folder);
        var message = SignUps.Of("Ada ❤", "ada@example.com");
        await mails.HandleAsync(message, CancellationToken.None);
        var file = Assert.Single(Directory.GetFiles(Folder));
        var first = await File.ReadAllBytesAsync(file);

        // What a crash may have left of an attempt.
        await File.WriteAllTextAsync(file + ".part", new string('x', 100_000));
        await mails.HandleAsync(message, CancellationToken.None);
        Assert.Equal([file], Directory.GetFiles(Folder));
        Assert.Equal(first, await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task Many_at_once_are_all_there_and_whole()
    {
        await using var mails = Mails(Folder);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 200),
            async (i, stop) => await mails.HandleAsync(SignUps.Of($"Name {i}", $"user{i}@example.com"), stop));
        var all = Directory.GetFiles(Folder).Select(file => new ReadMail(File.ReadAllBytes(file))).ToList();
        Assert.Equal(200, all.Select(mail => mail.Single("To")).Distinct(StringComparer.Ordinal).Count());
        Assert.All(all, mail => Assert.Equal(2, mail.Parts.Count));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_makes_everything_wait()
    {
        var file = Path.Combine(top.FullName, "file");
        await File.WriteAllTextAsync(file, string.Empty);
        await using var mails = Mails(Path.Combine(file, "outbox"));
        var refusal = await Assert.ThrowsAsync<ConsumerUnavailableException>(
            () => mails.HandleAsync(SignUps.Of("Ada", "ada@example.com"), CancellationToken.None));
        Assert.StartsWith($"The mail folder {file}", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => top.Delete(recursive: true);

    private static SignUpMails Mails(string folder) =>
        new(new EmailOptions { From = Sender.Parse("mail@example.com")!, Destination = new FolderOptions(folder) }, TimeProvider.System);
}
