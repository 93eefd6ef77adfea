/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/quote.h"

#include "../../support/unit-linear.h"

#define T(literal)                                                                                 \
  {                                                                                                \
    (literal), sizeof(literal) - 1                                                                 \
  }

typedef struct _LengthRow
{
  const gchar *name;
  CdText text;
  gsize length; /* 0: the closing quote is missing */
} LengthRow;

/* clang-format off */
static const LengthRow length_rows[] = {
  { "empty", T("\"\""), 2 },
  { "a word", T("\"abc\" def"), 5 },
  { "to the end", T("\"abc\""), 5 },
  { "an escaped quote", T("\"a\\\"b\" c"), 6 },
  { "an escaped backslash", T("\"a\\\\\" b"), 5 },
  { "three backslashes", T("\"a\\\\\\\"b\""), 8 },
  { "a NUL", T("\"a\0b\""), 5 },
  { "only the opening quote", T("\""), 0 },
  { "not closed", T("\"abc"), 0 },
  { "the last quote is escaped", T("\"abc\\\""), 0 },
  { "a backslash at the end", T("\"abc\\"), 0 },
};
/* clang-format on */

static void
test_length(gconstpointer data)
{
  const LengthRow *row = data;

  g_assert_cmpuint(cd_quote_length(row->text), ==, row->length);
}

typedef struct _ReadRow
{
  const gchar *name;
  CdText inside;
  CdText value;
} ReadRow;

/* Everything that strconv.Quote writes. */
/* clang-format off */
static const ReadRow read_rows[] = {
  { "plain", T("a b"), T("a b") },
  { "empty", T(""), T("") },
  { "a NUL that nobody escaped", T("a\0b"), T("a\0b") },
  { "letters", T("\\a\\b\\f\\n\\r\\t\\v"), T("\a\b\f\n\r\t\v") },
  { "backslash", T("C:\\\\dir"), T("C:\\dir") },
  { "double quote", T("say \\\"x\\\""), T("say \"x\"") },
  { "single quote", T("\\'"), T("'") },
  { "a byte", T("\\x00\\xff\\x7F"), T("\x00\xff\x7f") },
  { "16 bits", T("\\u00e4\\u202e\\uFFFD"), T("\xc3\xa4\xe2\x80\xae\xef\xbf\xbd") },
  { "32 bits", T("\\U0001f600"), T("\xf0\x9f\x98\x80") },
  { "a surrogate", T("\\ud800"), T("\xef\xbf\xbd") },
  { "beyond Unicode", T("\\U00110000"), T("\xef\xbf\xbd") },
  { "an escape at the start", T("\\nx"), T("\nx") },
  { "an escape at the end", T("x\\n"), T("x\n") },
  { "escaped twice", T("\\\\n"), T("\\n") },
};

static const ReadRow refused_rows[] = {
  { "an unknown letter", T("a\\z"), T("") },
  { "an octal number", T("\\101"), T("") },
  { "a backslash at the end", T("a\\"), T("") },
  { "a NUL behind the backslash", T("a\\\0"), T("") },
  { "a byte, cut off", T("\\x0"), T("") },
  { "a byte, no number", T("\\xzz"), T("") },
  { "16 bits, cut off", T("\\u12"), T("") },
  { "16 bits, half a number", T("\\u12g4"), T("") },
  { "32 bits, cut off", T("\\U0001f60"), T("") },
  { "a letter of the other case", T("\\N"), T("") },
};
/* clang-format on */

static void
test_read(gconstpointer data)
{
  const ReadRow *row = data;
  g_auto(CdStatement) storage;
  CdText value;

  cd_statement_init(&storage, CD_SOURCE_SLOG_HUMAN);
  g_assert_true(cd_quote_read(row->inside, &storage, &value));
  unit_assert_text(value, row->value);
}

static void
test_refused(gconstpointer data)
{
  const ReadRow *row = data;
  g_auto(CdStatement) storage;
  CdText value;

  cd_statement_init(&storage, CD_SOURCE_SLOG_HUMAN);
  g_assert_false(cd_quote_read(row->inside, &storage, &value));
}

static void
test_view_where_nothing_is_escaped(void)
{
  const CdText inside = CD_TEXT("plain text");
  g_auto(CdStatement) storage;
  CdText value;

  cd_statement_init(&storage, CD_SOURCE_SLOG_HUMAN);
  g_assert_true(cd_quote_read(inside, &storage, &value));
  g_assert_true(value.data == inside.data);
  g_assert_null(storage.chunk);
}

/* What Go writes, by the words of strconv.Quote for text of valid UTF-8. */
static void
quote(GString *out, const gchar *text)
{
  for (; *text; text = g_utf8_next_char(text))
    {
      gunichar c = g_utf8_get_char(text);

      if (c == '"' || c == '\\')
        g_string_append_printf(out, "\\%c", (gchar) c);
      else if (c < 0x80 && !g_ascii_isprint((gchar) c))
        g_string_append_printf(out, "\\x%02x", c);
      else if (!g_unichar_isprint(c))
        g_string_append_printf(out, c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
      else
        g_string_append_unichar(out, c);
    }
}

static void
test_round_trip(void)
{
  for (guint n = 0; n < 3000; n++)
    {
      g_autoptr(GString) text = g_string_new(NULL);
      g_autoptr(GString) line = g_string_new("\"");
      g_auto(CdStatement) storage;
      gint length = g_test_rand_int_range(0, 30);
      CdText inside, value;

      while (length-- > 0)
        {
          gunichar c = (gunichar) g_test_rand_int_range(1, length % 3 ? 0x80 : 0x11000);
          g_string_append_unichar(text, g_unichar_validate(c) ? c : '"');
        }
      quote(line, text->str);
      g_string_append(line, "\" \"and more\"");
      cd_statement_init(&storage, CD_SOURCE_SLOG_HUMAN);
      inside = (CdText) { line->str + 1, cd_quote_length((CdText) { line->str, line->len }) - 2 };
      g_assert_true(cd_quote_read(inside, &storage, &value));
      g_assert_true(cd_text_is(value, text->str));
    }
}

static void
read_quoted(CdText text)
{
  g_auto(CdStatement) storage;
  CdText value;
  gsize length = cd_quote_length(text);

  cd_statement_init(&storage, CD_SOURCE_SLOG_HUMAN);
  if (length)
    cd_quote_read((CdText) { text.data + 1, length - 2 }, &storage, &value);
}

static const UnitLinearRow linear_rows[] = {
  { "backslashes", "\"", "\\\\", "\"" },
  { "backslashes, not closed", "\"", "\\", "" },
  { "escapes", "\"", "\\u202e", "\"" },
  { "one escape at the end", "\"", "x", "\\n\"" },
};

static void
test_linear(gconstpointer data)
{
  unit_assert_linear(data, read_quoted);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/quote/length", length_rows, test_length);
  unit_add_rows("/quote/read", read_rows, test_read);
  unit_add_rows("/quote/refused", refused_rows, test_refused);
  g_test_add_func("/quote/view-where-nothing-is-escaped", test_view_where_nothing_is_escaped);
  g_test_add_func("/quote/round-trip", test_round_trip);
  unit_add_rows("/quote/linear", linear_rows, test_linear);
  return g_test_run();
}
