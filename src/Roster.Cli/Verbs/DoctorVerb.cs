using System.CommandLine;
using Roster.Cli.Doctor;
using Roster.Cli.Remote;
using Roster.Cli.Settings;

namespace Roster.Cli.Verbs;

/// <summary><c>roster doctor</c>: says in sentences what is wrong with settings and servers, a line for each thing it looks at.</summary>
internal static class DoctorVerb
{
    private static readonly Option<string?> Url = new("--url") { Description = "A server to ask, beside the addresses to listen on", HelpName = "URL" };

    public static Command Create()
    {
        var verb = new Command("doctor", "Says what is wrong with settings and servers; exit code 1 when something is") { DataOption.Data, Url };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var server = parsed.GetValue(Url) is { } url ? ServerOptions.UrlOf(url) : null;
            var isWrong = false;
            await Examination.RunAsync(() => SettingsFile.Read(parsed.GetValue(DataOption.Data)), server, TimeProvider.System, Tell, cancellation);
            return isWrong ? 1 : 0;

            void Tell(Finding finding)
            {
                isWrong |= finding.Grade == Grade.Wrong;
                Console.WriteLine(finding);
            }
        });
        return verb;
    }
}
