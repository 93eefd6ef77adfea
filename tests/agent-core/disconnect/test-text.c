/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/text.h"

#include "../../support/unit-linear.h"

static void
test_from_string(void)
{
  CdText absent = cd_text_from_string(NULL);

  g_assert_null(absent.data);
  g_assert_cmpuint(absent.length, ==, 0);
  g_assert_cmpuint(cd_text_from_string("abc").length, ==, 3);
}

static void
test_equal(void)
{
  g_assert_true(cd_text_equal(CD_TEXT("a\0b"), CD_TEXT("a\0b")));
  g_assert_false(cd_text_equal(CD_TEXT("a\0b"), CD_TEXT("a\0c")));
  g_assert_false(cd_text_equal(CD_TEXT("a"), CD_TEXT("ab")));
  g_assert_false(cd_text_equal(CD_TEXT("a"), CD_TEXT("A")));
  g_assert_true(cd_text_equal(CD_TEXT_NONE, CD_TEXT("")));
}

static void
test_is(void)
{
  g_assert_true(cd_text_is(CD_TEXT("abc"), "abc"));
  g_assert_false(cd_text_is(CD_TEXT("abc\0"), "abc"));
  g_assert_true(cd_text_is(CD_TEXT_NONE, ""));
}

static void
test_has_prefix(void)
{
  g_assert_true(cd_text_has_prefix(CD_TEXT("abc"), CD_TEXT("ab")));
  g_assert_true(cd_text_has_prefix(CD_TEXT("ab"), CD_TEXT("ab")));
  g_assert_false(cd_text_has_prefix(CD_TEXT("a"), CD_TEXT("ab")));
  g_assert_false(cd_text_has_prefix(CD_TEXT("bab"), CD_TEXT("ab")));
  g_assert_false(cd_text_has_prefix(CD_TEXT_NONE, CD_TEXT("ab")));
}

static void
test_skip(void)
{
  unit_assert_text(cd_text_skip(CD_TEXT("abc"), 1), CD_TEXT("bc"));
  unit_assert_text(cd_text_skip(CD_TEXT("abc"), 3), CD_TEXT(""));
  unit_assert_text(cd_text_skip(CD_TEXT("abc"), G_MAXSIZE), CD_TEXT(""));
  g_assert_null(cd_text_skip(CD_TEXT_NONE, 1).data);
}

static void
test_head(void)
{
  unit_assert_text(cd_text_head(CD_TEXT("abc"), 2), CD_TEXT("ab"));
  unit_assert_text(cd_text_head(CD_TEXT("abc"), 9), CD_TEXT("abc"));
  unit_assert_text(cd_text_head(CD_TEXT("abc"), 0), CD_TEXT(""));
}

typedef struct _FindRow
{
  const gchar *name;
  CdText text;
  CdText needle;
  gssize at;
} FindRow;

/* clang-format off */
static const FindRow find_rows[] = {
  { "at the start", { "abc", 3 }, { "ab", 2 }, 0 },
  { "at the end", { "abc", 3 }, { "bc", 2 }, 1 },
  { "the first of two", { "xabab", 5 }, { "ab", 2 }, 1 },
  { "behind a false start", { "aab", 3 }, { "ab", 2 }, 1 },
  { "behind a NUL", { "\0ab", 3 }, { "ab", 2 }, 1 },
  { "absent", { "abc", 3 }, { "ac", 2 }, -1 },
  { "cut off", { "xa", 2 }, { "ab", 2 }, -1 },
  { "longer than the text", { "a", 1 }, { "ab", 2 }, -1 },
  { "in no text", { NULL, 0 }, { "ab", 2 }, -1 },
};
/* clang-format on */

static void
test_find(gconstpointer data)
{
  const FindRow *row = data;
  const gchar *found = cd_text_find(row->text, row->needle);

  g_assert_cmpint(found ? found - row->text.data : -1, ==, row->at);
}

typedef struct _StripRow
{
  const gchar *name;
  const gchar *text;
  const gchar *stripped;
} StripRow;

static const StripRow strip_rows[] = {
  { "nothing to do", "a b", "a b" },           { "both ends", " \t\r\na b \t\r\n", "a b" },
  { "only blanks", " \t\r\n ", "" },           { "empty", "", "" },
  { "other controls stay", "\va\f", "\va\f" },
};

static void
test_strip(gconstpointer data)
{
  const StripRow *row = data;

  unit_assert_text(cd_text_strip(cd_text_from_string(row->text)),
                   cd_text_from_string(row->stripped));
}

typedef struct _IntegerRow
{
  const gchar *name;
  const gchar *text;
  gint64 value;
} IntegerRow;

static const IntegerRow integer_rows[] = {
  { "zero", "0", 0 },
  { "minus zero", "-0", 0 },
  { "one digit", "7", 7 },
  { "negative", "-1", -1 },
  { "leading zeros", "007", 7 },
  { "18 digits", "999999999999999999", G_GINT64_CONSTANT(999999999999999999) },
  { "18 negative digits", "-999999999999999999", -G_GINT64_CONSTANT(999999999999999999) },
};

static void
test_integer(gconstpointer data)
{
  const IntegerRow *row = data;
  gint64 value = 42;

  g_assert_true(cd_text_to_integer(cd_text_from_string(row->text), &value));
  g_assert_cmpint(value, ==, row->value);
}

static void
test_no_integer(void)
{
  static const gchar *const texts[] = {
    "",
    "-",
    "+1",
    " 1",
    "1 ",
    "1a",
    "a1",
    "--1",
    "1-",
    "0x1",
    "1.0",
    "1e3",
    "1,000",
    "9223372036854775807",
    "0000000000000000001",
    "-",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
      gint64 value = 42;
      g_assert_false(cd_text_to_integer(cd_text_from_string(texts[i]), &value));
      g_assert_cmpint(value, ==, 42);
    }
  g_assert_false(cd_text_to_integer(CD_TEXT("1\0"), &(gint64) { 0 }));
  g_assert_false(cd_text_to_integer(CD_TEXT_NONE, &(gint64) { 0 }));
}

static void
find_almost(CdText text)
{
  g_assert_null(cd_text_find(text, CD_TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")));
}

static void
test_count_digits(void)
{
  g_assert_cmpuint(cd_text_count_digits(CD_TEXT("09a1")), ==, 2);
  g_assert_cmpuint(cd_text_count_digits(CD_TEXT("123")), ==, 3);
  g_assert_cmpuint(cd_text_count_digits(CD_TEXT("-1")), ==, 0);
  g_assert_cmpuint(cd_text_count_digits(cd_text_head(CD_TEXT("123"), 2)), ==, 2);
  g_assert_cmpuint(cd_text_count_digits(CD_TEXT_NONE), ==, 0);
}

static void
test_has_shape(void)
{
  g_assert_true(cd_text_has_shape(CD_TEXT("12:34"), "00:00"));
  g_assert_true(cd_text_has_shape(CD_TEXT("12:34 and more"), "00:00"));
  g_assert_false(cd_text_has_shape(CD_TEXT("12.34"), "00:00"));
  g_assert_false(cd_text_has_shape(CD_TEXT("1a:34"), "00:00"));
  g_assert_false(cd_text_has_shape(cd_text_head(CD_TEXT("12:34"), 4), "00:00"));
  g_assert_false(cd_text_has_shape(CD_TEXT_NONE, "00:00"));
}

static void
test_find_is_linear(void)
{
  const UnitLinearRow row = { "", "", "a", "" };

  unit_assert_linear(&row, find_almost);
}

static void
strip_all(CdText text)
{
  g_assert_cmpuint(cd_text_strip(text).length, ==, 0);
}

static void
test_strip_is_linear(void)
{
  const UnitLinearRow row = { "", "", " \n", "" };

  unit_assert_linear(&row, strip_all);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/text/from-string", test_from_string);
  g_test_add_func("/text/equal", test_equal);
  g_test_add_func("/text/is", test_is);
  g_test_add_func("/text/has-prefix", test_has_prefix);
  g_test_add_func("/text/skip", test_skip);
  g_test_add_func("/text/head", test_head);
  unit_add_rows("/text/find", find_rows, test_find);
  unit_add_rows("/text/strip", strip_rows, test_strip);
  unit_add_rows("/text/integer", integer_rows, test_integer);
  g_test_add_func("/text/no-integer", test_no_integer);
  g_test_add_func("/text/count-digits", test_count_digits);
  g_test_add_func("/text/has-shape", test_has_shape);
  g_test_add_func("/text/find-is-linear", test_find_is_linear);
  g_test_add_func("/text/strip-is-linear", test_strip_is_linear);
  return g_test_run();
}
