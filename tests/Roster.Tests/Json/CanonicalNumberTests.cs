using System.Globalization;
using Xunit;

namespace Roster.Tests.Json;

public sealed class CanonicalNumberTests
{
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void A_sample_of_RFC_8785_Appendix_B_is_printed_as_there(string bits, string text)
    {
        Assert.Equal(text, Canonical.Text(FromBits(bits).ToString("R")));
        Assert.Equal(text, Canonical.Text(text));
    }

    [Fact]
    public void Numbers_are_printed_as_another_engine_prints_them()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Json", "Data", "numbers.txt"));

        Assert.True(lines.Length >= 2000);
        Assert.All(lines, line =>
        {
            var parts = line.Split(' ');
            var (bits, text, exponential) = (parts[0], parts[1], parts[2]);
            Assert.Equal(FromBits(bits), double.Parse(text, CultureInfo.InvariantCulture));
            Assert.Equal(text, Canonical.Text(text));
            Assert.Equal(text, Canonical.Text(exponential));
        });
    }

    [Theory]
    [InlineData("2.9802322387695312e-8")]
    [InlineData("4.1045368012983762e-289")]
    public void A_power_of_two_that_dotnet_prints_wrongly_is_kept(string text) => Assert.Equal(text, Canonical.Text(text));

    [Theory]
    [InlineData("0.1", "0.1")]
    [InlineData("1e2", "100")]
    [InlineData("1E+2", "100")]
    [InlineData("1.0", "1")]
    [InlineData("-1.50", "-1.5")]
    [InlineData("-0", "0")]
    [InlineData("-0.0e5", "0")]
    [InlineData("0e999999999999999999999", "0")]
    [InlineData("1e-7", "1e-7")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("1000000000000000000000", "1e+21")]
    [InlineData("100000000000000000000", "100000000000000000000")]
    [InlineData("0.00000000000000000000000000000000000000001e+41", "1")]
    [InlineData("9007199254740991", "9007199254740991")]
    public void A_number_has_one_text_however_it_was_written(string written, string text) =>
        Assert.Equal(text, Canonical.Text(written));

    [Fact]
    public void Zeros_and_an_exponent_may_cancel_out_at_any_length()
    {
        var zeros = new string('0', 5000);

        Assert.Equal("1", Canonical.Text($"0.{zeros}1e5001"));
        Assert.Equal("12", Canonical.Text($"12{zeros}e-5000"));
        Assert.Equal("1", Canonical.Text($"1.{zeros}"));
    }

    [Theory]
    [InlineData("12345678901234567890")]
    [InlineData("9007199254740993")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("1.7976931348623159e308")]
    [InlineData("1e-400")]
    [InlineData("1e-324")]
    [InlineData("4e-324")]
    [InlineData("1e99999999999999999999")]
    [InlineData("-1e-99999999999999999999")]
    [InlineData("0.10000000000000001")]
    [InlineData("0.1000000000000000055511151231257827")]
    [InlineData("295147905179352825856")]
    public void A_number_that_does_not_round_trip_is_refused(string written)
    {
        Assert.Equal("the number cannot be kept exactly; send it as a string", Canonical.Problem(written));
        Assert.Equal("the number at /x/1 cannot be kept exactly; send it as a string", Canonical.Problem($"{{\"x\":[0,{written}]}}"));
    }

    private static double FromBits(string bits) =>
        BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
}
