namespace Roster.Core.Json;
public sealed record Attributes(string Json){ public static Attributes Empty {get;}=new("{}"); public static Attributes FromCanonical(string j)=>j=="{}"?Empty:new(j); }
