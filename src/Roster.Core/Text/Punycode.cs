namespace Roster.Core.Text;

/// <summary>Punycode (RFC 3492) of one label, without the prefix <c>xn--</c>; lower-case.</summary>
internal static class Punycode
{
    private const int Base = 36, TMin = 1, TMax = 26, Skew = 38, Damp = 700, InitialBias = 72, InitialN = 0x80;
    private const string Digits = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Encodes code points; the caller bounds their number, so that no delta can overflow 64 bits.</summary>
    public static string Encode(List<int> input)
    {
        List<char> output = [];
        foreach (var point in input)
        {
            if (point < InitialN)
            {
                output.Add((char)point);
            }
        }

        int basic = output.Count, handled = basic, n = InitialN, bias = InitialBias;
        if (basic > 0)
        {
            output.Add('-');
        }

        var delta = 0L;
        while (handled < input.Count)
        {
            var next = int.MaxValue;
            foreach (var point in input)
            {
                next = point >= n && point < next ? point : next;
            }

            delta += (long)(next - n) * (handled + 1);
            n = next;
            foreach (var point in input)
            {
                delta += point < n ? 1 : 0;
                if (point == n)
                {
                    AppendVariableLength(output, delta, bias);
                    bias = Adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }

            delta++;
            n++;
        }

        return string.Concat(output);
    }

    /// <summary>Decodes Punycode of either case; false when it is none (RFC 3492, section 6.2).</summary>
    public static bool TryDecode(ReadOnlySpan<char> input, List<int> output)
    {
        var delimiter = input.LastIndexOf('-');
        foreach (var basic in input[..Math.Max(delimiter, 0)])
        {
            if (basic >= InitialN)
            {
                return false;
            }

            output.Add(basic);
        }

        // The RFC refuses a delimiter in front of everything; so does the caller, which encodes the result again.
        var rest = input[(delimiter + 1)..];
        int n = InitialN, bias = InitialBias;
        var i = 0L;
        while (!rest.IsEmpty)
        {
            if (!TryReadVariableLength(ref rest, bias, out var delta))
            {
                return false;
            }

            var count = output.Count + 1;
            bias = Adapt(delta, count, output.Count == Math.Max(delimiter, 0));
            i += delta;
            var point = n + (i / count);
            if (point > 0x10FFFF)
            {
                return false;
            }

            n = (int)point;
            i %= count;
            output.Insert((int)i++, n);
        }

        return true;
    }

    private static void AppendVariableLength(List<char> output, long delta, int bias)
    {
        for (var k = Base; ; k += Base)
        {
            var threshold = Threshold(k, bias);
            if (delta < threshold)
            {
                output.Add(Digits[(int)delta]);
                return;
            }

            delta -= threshold;
            output.Add(Digits[threshold + (int)(delta % (Base - threshold))]);
            delta /= Base - threshold;
        }
    }

    private static bool TryReadVariableLength(ref ReadOnlySpan<char> input, int bias, out long value)
    {
        value = 0;
        var weight = 1L;
        for (var k = Base; !input.IsEmpty; k += Base)
        {
            var digit = Digits.IndexOf((char)(input[0] | (input[0] is >= 'A' and <= 'Z' ? 0x20 : 0)));
            input = input[1..];
            value += digit * weight;
            // No valid delta comes near 2^31; beyond it the next step could overflow.
            if (digit < 0 || value > int.MaxValue)
            {
                return false;
            }

            var threshold = Threshold(k, bias);
            if (digit < threshold)
            {
                return true;
            }

            weight = Math.Min(weight * (Base - threshold), int.MaxValue + 1L);
        }

        return false;
    }

    private static int Threshold(int k, int bias) => Math.Clamp(k - bias, TMin, TMax);

    private static int Adapt(long delta, int count, bool first)
    {
        delta = first ? delta / Damp : delta / 2;
        delta += delta / count;
        var k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base)
        {
            delta /= Base - TMin;
        }

        return k + (int)((Base - TMin + 1) * delta / (delta + Skew));
    }
}
