using Roster.Cli;
using Roster.Cli.Verbs;

if (args is ["bench", ..])
{
    BenchVerb.BeLean();
}

// Of the pool's threads. A node shares its processors with databases and proxies: waking a thread that finds nothing to do costs more
// than the work it was woken for. The pool starts others itself when more gets done with them. It reads this before its first thread.
AppContext.SetData("System.Threading.ThreadPool.MinThreads", Math.Max(1, Environment.ProcessorCount / 2));

return await CommandLine.RunAsync(args);
