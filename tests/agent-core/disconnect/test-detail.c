/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/detail.h"

#include "../../support/unit-linear.h"

#define ELLIPSIS "\xe2\x80\xa6"

static CdText
clean(GString *out, CdText text)
{
  g_string_truncate(out, 0);
  cd_detail_append(out, text);
  return (CdText) { out->str, out->len };
}

typedef struct _EscapeRow
{
  const gchar *name;
  CdText text;
  const gchar *clean;
} EscapeRow;

#define T(literal)                                                                                 \
  {                                                                                                \
    (literal), sizeof(literal) - 1                                                                 \
  }

/* clang-format off */
static const EscapeRow escape_rows[] = {
  { "plain text stays", T("exited with code 1 (~)"), "exited with code 1 (~)" },
  { "empty", T(""), "" },
  { "newline", T("a\nb"), "a\\nb" },
  { "carriage return", T("a\rb"), "a\\rb" },
  { "tab", T("a\tb"), "a\\tb" },
  { "NUL", T("a\0b"), "a\\x00b" },
  { "NUL at the end", T("a\0"), "a\\x00" },
  { "escape sequence", T("\x1b[31mred"), "\\x1b[31mred" },
  { "bell and backspace", T("\a\b"), "\\x07\\x08" },
  { "unit separator", T("\x1f"), "\\x1f" },
  { "DEL", T("\x7f"), "\\x7f" },
  { "C1 control CSI", T("\xc2\x9b""31m"), "\\u009b31m" },
  { "C1 control NEL", T("\xc2\x85"), "\\u0085" },
  { "first and last C1 control", T("\xc2\x80\xc2\x9f"), "\\u0080\\u009f" },
  { "no-break space is no control", T("\xc2\xa0"), "\xc2\xa0" },
  { "line separator", T("a\xe2\x80\xa8""b"), "a\\u2028b" },
  { "paragraph separator", T("a\xe2\x80\xa9""b"), "a\\u2029b" },
  { "embedding", T("\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac"), "\\u202a\\u202b\\u202c" },
  { "override", T("\xe2\x80\xad\xe2\x80\xae"), "\\u202d\\u202e" },
  { "isolate", T("\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9"),
    "\\u2066\\u2067\\u2068\\u2069" },
  { "direction marks", T("\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c"), "\\u200e\\u200f\\u061c" },
  { "zero width", T("\xe2\x80\x8b\xe2\x80\x8d\xe2\x81\xa0"), "\\u200b\\u200d\\u2060" },
  { "soft hyphen", T("a\xc2\xad""b"), "a\\u00adb" },
  { "vowel separator", T("\xe1\xa0\x8e"), "\\u180e" },
  { "interlinear anchor", T("\xef\xbf\xb9"), "\\ufff9" },
  { "tag characters", T("\xf3\xa0\x80\x81\xf3\xa0\x81\x81"), "\\U000e0001\\U000e0041" },
  { "byte order mark", T("\xef\xbb\xbf""a"), "\\ufeffa" },
  { "hair space and hyphen beside them stay", T("\xe2\x80\x8a\xe2\x80\x90\xe2\x80\xaf"),
    "\xe2\x80\x8a\xe2\x80\x90\xe2\x80\xaf" },
  { "umlaut stays", T("\xc3\xa4"), "\xc3\xa4" },
  { "four bytes stay", T("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80" },
  { "backslash stays", T("\\n"), "\\n" },
  { "lone continuation byte", T("a\x80z"), "a\\x80z" },
  { "lone start byte", T("\xc3z"), "\\xc3z" },
  { "cut character at the end", T("a\xe2\x82"), "a\\xe2\\x82" },
  { "overlong slash", T("\xc0\xaf"), "\\xc0\\xaf" },
  { "surrogate", T("\xed\xa0\x80"), "\\xed\\xa0\\x80" },
  { "beyond Unicode", T("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" },
  { "bytes FE and FF", T("\xfe\xff"), "\\xfe\\xff" },
};
/* clang-format on */

static void
test_escape(gconstpointer data)
{
  const EscapeRow *row = data;
  g_autoptr(GString) out = g_string_new(NULL);

  unit_assert_text(clean(out, row->text), cd_text_from_string(row->clean));
}

static void
test_appends(void)
{
  g_autoptr(GString) out = g_string_new("first\n");

  cd_detail_append(out, CD_TEXT("a\n"));
  cd_detail_append(out, CD_TEXT("b"));
  g_assert_cmpstr(out->str, ==, "first\na\\nb");
}

/* The limit counts what is appended, not what stood there before. */
static void
test_limit_is_of_the_addition(void)
{
  g_autofree gchar *before = g_strnfill(CD_DETAIL_MAX, 'x');
  g_autoptr(GString) out = g_string_new(before);

  cd_detail_append(out, CD_TEXT("more"));
  g_assert_cmpuint(out->len, ==, CD_DETAIL_MAX + 4);
}

static void
test_limit_exactly_reached(void)
{
  g_autofree gchar *text = g_strnfill(CD_DETAIL_MAX, 'x');
  g_autoptr(GString) out = g_string_new(NULL);

  g_assert_true(cd_text_is(clean(out, cd_text_from_string(text)), text));
}

static void
test_cut_ends_in_ellipsis(void)
{
  g_autofree gchar *text = g_strnfill(CD_DETAIL_MAX + 1, 'x');
  g_autoptr(GString) out = g_string_new(NULL);

  clean(out, cd_text_from_string(text));
  g_assert_cmpuint(out->len, ==, CD_DETAIL_MAX);
  g_assert_true(g_str_has_suffix(out->str, "x" ELLIPSIS));
  g_assert_cmpuint(strspn(out->str, "x"), ==, CD_DETAIL_MAX - strlen(ELLIPSIS));
}

/* Wherever the border falls, the cut is between whole characters and whole escapes. */
static void
test_cut_at_a_character(void)
{
  static const gchar *const pieces[] = { "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                                         "\n",       "\x1b",         "\xe2\x80\xae",
                                         "\xff" };
  static const gchar *const written[] = { "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                                          "\\n",      "\\x1b",        "\\u202e",
                                          "\\xff" };

  for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++)
    for (gsize offset = 0; offset < 8; offset++)
      {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GString) out = g_string_new(NULL);
        gsize at;

        for (gsize n = 0; n < offset; n++)
          g_string_append_c(text, 'x');
        while (text->len < 2 * CD_DETAIL_MAX)
          g_string_append(text, pieces[i]);
        clean(out, (CdText) { text->str, text->len });
        g_assert_cmpuint(out->len, <=, CD_DETAIL_MAX);
        g_assert_cmpuint(out->len, >, CD_DETAIL_MAX - 6 - strlen(ELLIPSIS));
        g_assert_true(g_utf8_validate(out->str, (gssize) out->len, NULL));
        g_assert_true(g_str_has_suffix(out->str, ELLIPSIS));
        for (at = offset; at < out->len - strlen(ELLIPSIS); at += strlen(written[i]))
          g_assert_true(g_str_has_prefix(out->str + at, written[i]));
        g_assert_cmpuint(at, ==, out->len - strlen(ELLIPSIS));
      }
}

static gboolean
is_plain_by_bytes(CdText text)
{
  if (text.length > CD_DETAIL_MAX)
    return FALSE;
  for (gsize i = 0; i < text.length; i++)
    if ((guchar) text.data[i] < 0x20 || (guchar) text.data[i] > 0x7e)
      return FALSE;
  return TRUE;
}

/* Every byte at every place of texts around the width of a machine word. */
static void
test_plain_every_byte(void)
{
  for (gsize length = 1; length <= 19; length++)
    for (gsize at = 0; at < length; at++)
      for (guint byte = 0; byte < 256; byte++)
        {
          gchar bytes[19];

          memset(bytes, 'x', sizeof(bytes));
          bytes[at] = (gchar) byte;
          g_assert_cmpint(cd_detail_is_plain((CdText) { bytes, length }), ==,
                          is_plain_by_bytes((CdText) { bytes, length }));
        }
}

/* Bytes at the borders of the plain range side by side, where carries could hide a mark. */
static void
test_plain_random(void)
{
  static const guchar border[] = { 0x00, 0x01, 0x1f, 0x20, 0x21, 0x7e, 0x7f, 0x80, 0x81, 0xff };

  for (guint n = 0; n < 200000; n++)
    {
      gchar bytes[24];
      gsize length = (gsize) g_test_rand_int_range(0, sizeof(bytes) + 1);

      for (gsize i = 0; i < length; i++)
        bytes[i] = g_test_rand_int_range(0, 4)
                     ? (gchar) g_test_rand_int_range(0x20, 0x7f)
                     : (gchar) border[g_test_rand_int_range(0, G_N_ELEMENTS(border))];
      g_assert_cmpint(cd_detail_is_plain((CdText) { bytes, length }), ==,
                      is_plain_by_bytes((CdText) { bytes, length }));
    }
}

static void
test_plain_length(void)
{
  g_autofree gchar *text = g_strnfill(CD_DETAIL_MAX + 1, 'x');

  g_assert_true(cd_detail_is_plain((CdText) { text, CD_DETAIL_MAX }));
  g_assert_false(cd_detail_is_plain((CdText) { text, CD_DETAIL_MAX + 1 }));
  g_assert_true(cd_detail_is_plain(CD_TEXT_NONE));
}

static void
fill_with_anything(GString *text)
{
  gsize length = (gsize) g_test_rand_int_range(0, 2000);

  g_string_truncate(text, 0);
  while (text->len < length)
    switch (g_test_rand_int_range(0, 4))
      {
      case 0:
        g_string_append_c(text, (gchar) g_test_rand_int_range(0, 256));
        break;
      case 1:
        g_string_append_unichar(text, (gunichar) g_test_rand_int_range(0x2000, 0x2070));
        break;
      default:
        g_string_append_c(text, (gchar) g_test_rand_int_range(0x20, 0x7f));
      }
}

static gboolean
is_safe(const GString *text)
{
  const gchar *end = text->str + text->len;

  if (!g_utf8_validate(text->str, (gssize) text->len, NULL))
    return FALSE;
  for (const gchar *at = text->str; at < end; at = g_utf8_next_char(at))
    {
      gunichar c = g_utf8_get_char(at);
      GUnicodeType type = g_unichar_type(c);

      if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR
          || type == G_UNICODE_PARAGRAPH_SEPARATOR
          || (c >= 0x2000 && c <= 0x2fff && type == G_UNICODE_FORMAT))
        return FALSE;
    }
  return TRUE;
}

/* Whatever went in: valid UTF-8 without controls; and a second time nothing is left to do. */
static void
test_result_is_safe_and_stable(void)
{
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GString) once = g_string_new(NULL);
  g_autoptr(GString) twice = g_string_new(NULL);

  for (guint n = 0; n < 2000; n++)
    {
      fill_with_anything(text);
      clean(once, (CdText) { text->str, text->len });
      g_assert_cmpuint(once->len, <=, CD_DETAIL_MAX);
      g_assert_true(is_safe(once));
      clean(twice, (CdText) { once->str, once->len });
      g_assert_cmpstr(twice->str, ==, once->str);
    }
}

static CdText
clean_words(GString *out, CdText text)
{
  g_string_truncate(out, 0);
  cd_detail_append_words(out, text);
  return (CdText) { out->str, out->len };
}

/* clang-format off */
static const EscapeRow words_rows[] = {
  { "plain words stay", T("invalid token: EOF"), "invalid token: EOF" },
  { "empty", T(""), "" },
  { "secret", T("token=abc"), "token=[redacted]" },
  { "secret behind an escape", T("\xff token=abc"), "\\xff token=[redacted]" },
  { "control characters in a secret", T("token=a\x1b[0mb\0c\xff"), "token=[redacted]" },
  { "control character in a name", T("to\x07ken=abc"), "to\\x07ken=[redacted]" },
  { "invisible character in a name", T("to\xe2\x80\x8bken=abc"), "to\\u200bken=[redacted]" },
  { "colour in a name", T("pass\x1b[1mword=abc"), "pass\\x1b[1mword=[redacted]" },
  { "line break behind a header", T("Authorization: Basic YTpi\r\nb"),
    "Authorization: [redacted]\\r\\nb" },
  { "line break in a key", T("-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n"),
    "[redacted]\\n" },
};
/* clang-format on */

static void
test_words(gconstpointer data)
{
  const EscapeRow *row = data;
  g_autoptr(GString) out = g_string_new(NULL);

  unit_assert_text(clean_words(out, row->text), cd_text_from_string(row->clean));
}

/* Wherever the cut falls, nothing is left of a secret that the whole text would have hidden. */
static void
test_cut_leaves_no_half_of_a_secret(void)
{
  static const gchar *const secrets[] = {
    " token=Half1Half2Half3Half4Half5",
    " \"password\":\"Half1 Half2 Half3 Half4\"}",
    " https://u:Half1Half2Half3Half4@host/",
    " Half1Half2-Half3Half4Half5Half6Ab",
    " Authorization: Bearer Half1Half2Half3",
    " eyJHalf1Half2Half3Half4.Half5",
    " -----BEGIN PRIVATE KEY-----\nHalf1\nHalf2\n-----END PRIVATE KEY-----",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
    for (gsize before = CD_DETAIL_MAX - 80; before < CD_DETAIL_MAX + 8; before++)
      {
        g_autofree gchar *padding = g_strnfill(before, 'x');
        g_autofree gchar *text = g_strconcat(padding, secrets[i], NULL);
        g_autoptr(GString) out = g_string_new(NULL);

        clean_words(out, cd_text_from_string(text));
        g_assert_cmpuint(out->len, <=, CD_DETAIL_MAX);
        if (strstr(out->str, "Half"))
          g_error("behind %" G_GSIZE_FORMAT " bytes: %s", before, out->str + before);
      }
}

/* A secret of any length leaves room for what follows it. */
static void
test_cut_counts_what_is_left(void)
{
  g_autofree gchar *secret = g_strnfill(3 * CD_DETAIL_MAX, 's');
  g_autofree gchar *text = g_strconcat("token=", secret, " is refused", NULL);
  g_autoptr(GString) out = g_string_new(NULL);

  unit_assert_text(clean_words(out, cd_text_from_string(text)),
                   CD_TEXT("token=[redacted] is refused"));
}

static void
fill_with_words(GString *text)
{
  static const gchar *const words[] = {
    "token",    "=",      ":",  " ",      "\"",
    "password", "://",    "@",  "Bearer", "abc1defgh",
    "cookie",   "\x1b",   "\n", "--",     "-",
    "[",        "secret", ",",  "true",   "eyJhbGciOiJIUzI1Ni",
    "&",        "'",      "\\", "%3D",    "]",
    "{",        "\xff",   ".",  "x",      "-----BEGIN PRIVATE KEY-----",
  };
  gsize length = (gsize) g_test_rand_int_range(0, 2 * CD_DETAIL_MAX);

  g_string_truncate(text, 0);
  while (text->len < length)
    g_string_append(text, words[g_test_rand_int_range(0, G_N_ELEMENTS(words))]);
}

/* Every relay cleans once more, and none changes what it gets. */
static void
test_words_are_stable(void)
{
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GString) once = g_string_new(NULL);
  g_autoptr(GString) twice = g_string_new(NULL);

  for (guint n = 0; n < 3000; n++)
    {
      fill_with_words(text);
      clean_words(once, (CdText) { text->str, text->len });
      g_assert_cmpuint(once->len, <=, CD_DETAIL_MAX);
      g_assert_true(is_safe(once));
      clean_words(twice, (CdText) { once->str, once->len });
      g_assert_cmpstr(twice->str, ==, once->str);
    }
}

static void
test_plain_words(void)
{
  g_assert_true(cd_detail_is_plain_words(CD_TEXT("read: EOF")));
  g_assert_true(cd_detail_is_plain_words(CD_TEXT_NONE));
  g_assert_false(cd_detail_is_plain_words(CD_TEXT("read:\nEOF")));
  g_assert_false(cd_detail_is_plain_words(CD_TEXT("token=abc")));
}

static void
assert_part(CdText whole, gsize skipped, const gchar *wanted)
{
  g_autoptr(GString) out = g_string_new(NULL);

  cd_detail_append_part(out, cd_text_skip(whole, skipped), whole);
  g_assert_cmpstr(out->str, ==, wanted);
}

/* An error's innermost part has lost the name that stood in front of it. */
static void
test_part_of_a_secret(void)
{
  assert_part(CD_TEXT("read: EOF"), strlen("read: "), "EOF");
  assert_part(CD_TEXT("X-Auth-Token: letters"), strlen("X-Auth-Token: "), "[redacted]");
  assert_part(CD_TEXT("token=a, token=b"), strlen("token=a, "), "token=[redacted]");
  assert_part(CD_TEXT("Cookie: a: EOF"), strlen("Cookie: a: "), "[redacted]");
  assert_part(CD_TEXT("a: b\n"), strlen("a: "), "b\\n");
}

static void
clean_all_words(CdText text)
{
  g_autoptr(GString) out = g_string_new(NULL);

  cd_detail_append_words(out, text);
}

static void
clean_all(CdText text)
{
  g_autoptr(GString) out = g_string_new(NULL);

  g_assert_false(cd_detail_is_plain(text));
  cd_detail_append(out, text);
}

static void
test_is_linear(void)
{
  const UnitLinearRow row = { "", "", "\x1b[\xff", "" };

  unit_assert_linear(&row, clean_all);
}

static void
test_words_are_linear(void)
{
  const UnitLinearRow row = { "", "", "\x1b[\xff token=", "" };

  unit_assert_linear(&row, clean_all_words);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/detail/escape", escape_rows, test_escape);
  g_test_add_func("/detail/appends", test_appends);
  g_test_add_func("/detail/limit-is-of-the-addition", test_limit_is_of_the_addition);
  g_test_add_func("/detail/limit-exactly-reached", test_limit_exactly_reached);
  g_test_add_func("/detail/cut-ends-in-ellipsis", test_cut_ends_in_ellipsis);
  g_test_add_func("/detail/cut-at-a-character", test_cut_at_a_character);
  g_test_add_func("/detail/plain-every-byte", test_plain_every_byte);
  g_test_add_func("/detail/plain-random", test_plain_random);
  g_test_add_func("/detail/plain-length", test_plain_length);
  g_test_add_func("/detail/result-is-safe-and-stable", test_result_is_safe_and_stable);
  g_test_add_func("/detail/is-linear", test_is_linear);
  unit_add_rows("/detail/words", words_rows, test_words);
  g_test_add_func("/detail/cut-leaves-no-half-of-a-secret", test_cut_leaves_no_half_of_a_secret);
  g_test_add_func("/detail/cut-counts-what-is-left", test_cut_counts_what_is_left);
  g_test_add_func("/detail/words-are-stable", test_words_are_stable);
  g_test_add_func("/detail/plain-words", test_plain_words);
  g_test_add_func("/detail/part-of-a-secret", test_part_of_a_secret);
  g_test_add_func("/detail/words-are-linear", test_words_are_linear);
  return g_test_run();
}
