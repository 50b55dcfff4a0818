using System.CommandLine;
using Roster.Cli.Verbs;

var root = new RootCommand("Roster") { ServeVerb.Create(), MigrateVerb.Create(), RebuildVerb.Create() };
return await root.Parse(args).InvokeAsync();
