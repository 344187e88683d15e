using System.Numerics;
using System.Text;

namespace Unseen.Data.Formats;

/// <summary>The Python dictionary at the start of an npy file.</summary>
internal sealed record NpyHeader(NpyType Type, bool BigEndian, bool FortranOrder, int[] Shape)
{
    internal const int MaximumLength = 1 << 16;
    private const int MaximumAxes = 32;

    /// <summary>Bytes of the data, which a header may claim to be more than any number of 64 bits.</summary>
    internal BigInteger ByteLength => Shape.Aggregate((BigInteger)Type.Size(), (product, axis) => product * axis);

    internal string Text => $"{{'descr': '{(Type.Size() == 1 ? '|' : '<')}{Type.Code()}', 'fortran_order': " +
        $"{(FortranOrder ? "True" : "False")}, " +
        $"'shape': ({string.Join(", ", Shape)}{(Shape.Length == 1 ? "," : "")}), }}";

    internal static NpyHeader Parse(string path, ReadOnlySpan<byte> bytes) => new Parser(path, Encoding.UTF8.GetString(bytes)).Parse();

    private sealed class Parser(string path, string text)
    {
        private int _at;
        private (NpyType Type, bool BigEndian)? _type;
        private bool? _fortranOrder;
        private int[]? _shape;

        internal NpyHeader Parse()
        {
            Expect('{');
            while (!Accept('}'))
            {
                ReadPair(ReadString());
                if (!Accept(',') && Peek() != '}')
                    throw Wrong("expected ',' or '}'");
            }
            if (Peek() != '\0')
                throw Wrong("something follows the dictionary");
            if (_type is not { } type || _fortranOrder is not { } order || _shape is not { } shape)
                throw Wrong("descr, fortran_order or shape is missing");
            return new(type.Type, type.BigEndian, order, shape);
        }

        private void ReadPair(string key)
        {
            Expect(':');
            switch (key)
            {
                case "descr" when _type is null: _type = ReadType(); break;
                case "fortran_order" when _fortranOrder is null: _fortranOrder = ReadBool(); break;
                case "shape" when _shape is null: _shape = ReadShape(); break;
                default: throw Wrong($"key '{key}' is unknown or appears twice");
            }
        }

        private (NpyType Type, bool BigEndian) ReadType()
        {
            var name = ReadString();
            if (name.Length == 3 && name[0] is '<' or '>' or '=' or '|' && NpyTypes.Parse(name[1..]) is { } type)
                return (type, name[0] == '>');
            throw Wrong($"element type '{name}' is not supported (f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1 are)");
        }

        private bool ReadBool()
        {
            Peek();
            foreach (var (word, value) in new[] { ("True", true), ("False", false) })
                if (text.AsSpan(_at).StartsWith(word))
                {
                    _at += word.Length;
                    return value;
                }
            throw Wrong("fortran_order must be True or False");
        }

        private int[] ReadShape()
        {
            var shape = new List<int>();
            Expect('(');
            while (!Accept(')'))
            {
                shape.Add(ReadInteger());
                if (!Accept(',') && Peek() != ')')
                    throw Wrong("expected ',' or ')'");
                if (shape.Count > MaximumAxes)
                    throw Wrong($"more than {MaximumAxes} axes");
            }
            return [.. shape];
        }

        private int ReadInteger()
        {
            Peek();
            var start = _at;
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                _at++;
            Accept('L');
            return int.TryParse(text.AsSpan(start, _at - start).TrimEnd('L'), out var value) ? value : throw Wrong("an axis is not a " +
                "number below 2^31");
        }

        private string ReadString()
        {
            var quote = Peek();
            var end = quote is '\'' or '"' ? text.IndexOf(quote, _at + 1) : -1;
            if (end < 0)
                throw Wrong("expected a quoted string");
            var value = text[(_at + 1)..end];
            _at = end + 1;
            return value;
        }

        private char Peek()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
                _at++;
            return _at < text.Length ? text[_at] : '\0';
        }

        private bool Accept(char expected)
        {
            var found = Peek() == expected;
            _at += found ? 1 : 0;
            return found;
        }

        private void Expect(char expected)
        {
            if (!Accept(expected))
                throw Wrong($"expected '{expected}'");
        }

        private DatasetFormatException Wrong(string what) => new(path, $"the npy header is wrong: {what} (at character {_at}).");
    }
}
