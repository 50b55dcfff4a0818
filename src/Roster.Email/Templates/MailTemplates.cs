using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Roster.Email.Templates;

/// <summary>The three parts of a mail: <c>signUp.subject.txt</c>, <c>signUp.txt</c> and <c>signUp.html</c>.</summary>
public sealed class MailTemplates
{
    private const int MaxBytes = 256 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Letters of all scripts stay readable; what means something to a browser does not.
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    private MailTemplates(Func<string, string> read)
    {
        Subject = Parse("signUp.subject.txt", text => text);
        Text = Parse("signUp.txt", text => text);
        HtmlText = Parse("signUp.html", Html.Encode);

        Template Parse(string file, Func<string, string> escape) => new(file, read(file), escape);
    }

    /// <summary>Those that come with the program.</summary>
    public static MailTemplates Standard { get; } = new(ReadOwn);

    internal Template Subject { get; }

    internal Template Text { get; }

    internal Template HtmlText { get; }

    /// <summary>Reads templates of one's own.</summary>
    /// <param name="folder">Has all three files, in UTF-8: a misspelt one must not be passed over in silence.</param>
    /// <exception cref="TemplateException">One is missing, cannot be read, or names a place that there is not.</exception>
    public static MailTemplates Read(string folder) => new(file => ReadFile(folder, file));

    private static string ReadFile(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        try
        {
            return new FileInfo(path).Length > MaxBytes
                ? throw new TemplateException($"The mail template {path} is larger than {MaxBytes / 1024} KiB: make it smaller.")
                : Strict.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw new TemplateException($"The mail template {path} is not UTF-8: save it as such.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TemplateException(
                $"The mail template {path} cannot be read: put signUp.subject.txt, signUp.txt and signUp.html into the folder.", e);
        }
    }

    private static string ReadOwn(string file)
    {
        using var stream = typeof(MailTemplates).Assembly.GetManifestResourceStream($"{typeof(MailTemplates).Namespace}.{file}")!;
        using var reader = new StreamReader(stream, Strict);
        return reader.ReadToEnd();
    }
}
