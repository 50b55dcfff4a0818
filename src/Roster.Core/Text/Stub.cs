using System.Diagnostics.CodeAnalysis;
namespace Roster.Core.Text;
public sealed record EmailAddress(string Given,string Key){ public static bool TryParse(string text, [NotNullWhen(true)] out EmailAddress? email,[NotNullWhen(false)] out string? error){ var t=text.Trim(); error="bad"; email=null; if(!t.Contains('@')) return false; error=null; email=new(t,t.ToLowerInvariant()); return true;} }
public static class FoldedName { public static byte[] Of(string name)=>System.Text.Encoding.UTF8.GetBytes(name.ToLowerInvariant()); public static byte[]? PrefixEnd(ReadOnlySpan<byte> p)=>null; }
