using System.CommandLine;
using Roster.Cli.Settings;
using Roster.Cli.Verbs;
using Roster.Core.Storage;
using Roster.Lab;

namespace Roster.Cli;

/// <summary>All verbs, and how they fail: one sentence on standard error; exit code 2 for wrong usage, 1 otherwise.</summary>
public static class CommandLine
{
    /// <summary>Exit code of a command that was written wrongly.</summary>
    public const int UsageError = 2;

    /// <summary>Longer than the time in which a server drains.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromMinutes(1);

    private static readonly string[] NotBuilt = ["chaos"];

    /// <summary>Runs one command.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var parsed = Root().Parse(args);
        if (Refusal(args, parsed) is { } refusal)
        {
            return Fail(refusal, UsageError);
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = DrainTime });
        }
        catch (VerbException e)
        {
            return Fail(e.Message, e.ExitCode);
        }
        catch (SettingsException e)
        {
            return Fail(e.Message, 1);
        }
        catch (Exception e) when (e is StoreUnavailableException or LabException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Fail(OneLine(e.Message), 1);
        }
        catch (OperationCanceledException)
        {
            return Fail("Stopped before the end.", 1);
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("ROSTER_TRACE") is null)
        {
            return Fail($"{OneLine(e.Message)} (ROSTER_TRACE=1 shows where.)", 1);
        }
    }

    private static RootCommand Root() =>
        new("Roster keeps users. Every verb explains itself: roster VERB --help")
        {
            ServeVerb.Create(),
            WorkVerb.Create(),
            MigrateVerb.Create(),
            RebuildVerb.Create(),
            ImportVerb.Create(),
            ExportVerb.Create(),
            KeyVerb.Create(),
            EventsVerb.Create(),
            BenchVerb.Create(),
            BackupVerb.Create(),
            RestoreVerb.Create(),
            ShardsVerb.Create(),
            DoctorVerb.Create(),
            HealthVerb.Create(),
            LabVerb.Create(),
        };

    private static string? Refusal(IReadOnlyList<string> args, ParseResult parsed)
    {
        if (args.Count == 0)
        {
            return "Name a verb: roster --help lists them.";
        }

        if (NotBuilt.Contains(args[0], StringComparer.Ordinal))
        {
            return $"The verb \"{args[0]}\" is not built yet.";
        }

        if (parsed.Action is System.CommandLine.Help.HelpAction || parsed.Errors.Count == 0)
        {
            return null;
        }

        return !args[0].StartsWith('-') && parsed.CommandResult.Command is RootCommand
            ? $"\"{args[0]}\" is no verb: roster --help lists them."
            : $"{OneLine(parsed.Errors[0].Message)} See roster {VerbOf(parsed)}--help.";
    }

    private static string VerbOf(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? string.Empty : parsed.CommandResult.Command.Name + " ";

    private static int Fail(string sentence, int exitCode)
    {
        Console.Error.WriteLine(sentence);
        return exitCode;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
