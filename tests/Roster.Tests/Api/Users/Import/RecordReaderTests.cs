using System.Text;
using Roster.Api.Users.Import;
using Xunit;

namespace Roster.Tests.Api.Users.Import;

public sealed class RecordReaderTests
{
    private sealed record Got(long Number, string Text, string? Problem);

    private static async Task<List<Got>> ReadAll(RecordReader reader)
    {
        var all = new List<Got>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            all.Add(new Got(reader.Number, Encoding.UTF8.GetString(reader.Record.Span), reader.Problem));
        }

        return all;
    }

    private static LineReader Lines(string text, int atATime = int.MaxValue) => new(new Trickle(Encoding.UTF8.GetBytes(text), atATime));

    private static CsvReader Csv(string text, int atATime = int.MaxValue) => new(new Trickle(Encoding.UTF8.GetBytes(text), atATime));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public async Task Blank_lines_are_skipped_but_counted(int atATime) =>
        Assert.Equal(
            [new(2, "a", null), new(5, "b", null), new(6, "c", null)],
            await ReadAll(Lines("\na\r\n \t\n\r\nb\nc", atATime)));

    [Fact]
    public async Task An_empty_input_has_no_records() => Assert.Empty(await ReadAll(Lines(string.Empty)));

    [Fact]
    public async Task A_byte_order_mark_is_no_text() =>
        Assert.Equal([new(1, "a", null)], await ReadAll(Lines("\uFEFFa\n", 1)));

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "is longer than 64 KiB")]
    [InlineData(500_000, "is longer than 64 KiB")]
    public async Task A_line_over_the_limit_is_refused_and_the_stream_goes_on(int over, string? problem)
    {
        var all = await ReadAll(Lines($"a\r\n{new string('x', RecordReader.MaxBytes + over)}\r\nb\n", 7000));

        Assert.Equal([1, 2, 3], all.Select(got => got.Number));
        Assert.Equal([null, problem, null], all.Select(got => got.Problem));
        Assert.Equal("b", all[2].Text);
    }

    [Fact]
    public async Task A_line_over_the_limit_may_be_the_last() =>
        Assert.Equal([new(1, "", "is longer than 64 KiB")], await ReadAll(Lines(new string('x', 300_000))));

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task A_quoted_field_may_hold_line_ends(int atATime) =>
        Assert.Equal(
            [new(1, "a,\"b\n\"\"c\r\nd\"", null), new(4, "e,f", null)],
            await ReadAll(Csv("a,\"b\n\"\"c\r\nd\"\r\ne,f", atATime)));

    [Fact]
    public async Task An_unclosed_quote_costs_its_own_line_only()
    {
        var all = await ReadAll(Csv("a,\"b\nc,d\ne,f\n"));

        Assert.Equal([1, 2, 3], all.Select(got => got.Number));
        Assert.Equal(["has a quote that is not closed within 64 KiB", null, null], all.Select(got => got.Problem));
        Assert.Equal(["", "c,d", "e,f"], all.Select(got => got.Text));
    }

    [Fact]
    public async Task A_quote_inside_an_unquoted_field_is_only_a_character() =>
        Assert.Equal([new(1, "Barbara \"Jana,x", null), new(2, "y", null)], await ReadAll(Csv("Barbara \"Jana,x\ny\n")));

    [Fact]
    public async Task Whether_the_last_line_was_ended_is_known()
    {
        var reader = Lines("a\nb");
        Assert.True(await reader.ReadAsync(CancellationToken.None) && reader.IsEnded);
        Assert.True(await reader.ReadAsync(CancellationToken.None) && !reader.IsEnded);
    }
}
