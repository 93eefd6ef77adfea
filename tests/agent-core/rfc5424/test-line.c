/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rfc5424/line.h"

#include "disconnect/detail.h"
#include "rfc5424/sdata.h"

#include "../../support/unit.h"

#define TIME "2026-11-21T07:37:29.225104Z"

static gchar *
write_line(const CdHeader *header, CdText value, CdText message)
{
  GString *text = g_string_new(NULL);
  CdLine line;

  cd_line_begin(&line, text, header);
  if (value.data)
    {
      cd_line_open_element(&line, CD_TEXT("coder@32473"));
      cd_line_add_param(&line, CD_TEXT("a"), value);
      cd_line_close_element(&line);
    }
  cd_line_end(&line, message);
  return g_string_free(text, FALSE);
}

static void
test_whole(void)
{
  const CdHeader header = {
    30, CD_TEXT(TIME), CD_TEXT("ws"), CD_TEXT("coder-agentd"), CD_TEXT("7"), CD_TEXT("disconnect")
  };
  g_autofree gchar *line = write_line(&header, CD_TEXT("b"), CD_TEXT("text"));

  g_assert_cmpstr(line, ==,
                  "<30>1 " TIME " ws coder-agentd 7 disconnect [coder@32473 a=\"b\"] text");
}

static void
test_nothing(void)
{
  const CdHeader header = { 0 };
  g_autofree gchar *line = write_line(&header, CD_TEXT_NONE, CD_TEXT_NONE);

  g_assert_cmpstr(line, ==, "<0>1 - - - - - -");
}

static void
test_two_elements(void)
{
  const CdHeader header = { 30 };
  g_autoptr(GString) text = g_string_new(NULL);
  CdLine line;

  cd_line_begin(&line, text, &header);
  cd_line_open_element(&line, CD_TEXT("coder@32473"));
  cd_line_close_element(&line);
  cd_line_open_element(&line, CD_TEXT("meta"));
  cd_line_add_param(&line, CD_TEXT("sequenceId"), CD_TEXT("1"));
  cd_line_add_param(&line, CD_TEXT("sysUpTime"), CD_TEXT(""));
  cd_line_close_element(&line);
  cd_line_end(&line, CD_TEXT("x"));
  g_assert_cmpstr(text->str, ==,
                  "<30>1 - - - - - [coder@32473][meta sequenceId=\"1\" sysUpTime=\"\"] x");
}

/* Too long a field is cut, and what a header may not hold becomes a question mark. */
static void
test_limits(void)
{
  g_autofree gchar *longest = g_strnfill(300, 'x');
  const CdText x = cd_text_from_string(longest);
  const CdHeader header = { 1000, CD_TEXT("2\n"), x, x, x, x };
  g_autofree gchar *line = write_line(&header, CD_TEXT_NONE, CD_TEXT_NONE);
  g_autofree gchar *wanted = g_strdup_printf("<191>1 2? %.255s %.48s %.128s %.32s -", longest,
                                             longest, longest, longest);

  g_assert_cmpstr(line, ==, wanted);
}

static void
test_foreign_host(void)
{
  const CdHeader header = { 30, CD_TEXT_NONE, CD_TEXT("w s\xc3\xa4\x1b[\x7f") };
  g_autofree gchar *line = write_line(&header, CD_TEXT_NONE, CD_TEXT_NONE);

  g_assert_cmpstr(line, ==, "<30>1 - w?s???[? - - - -");
}

typedef struct _Row
{
  const gchar *name;
  CdText value;
  const gchar *wanted;
} Row;

static const Row rows[] = {
  { "plain", { "a b", 3 }, "a b" },
  { "empty", { "", 0 }, "" },
  { "quote", { "a\"b", 3 }, "a\\\"b" },
  { "backslash", { "a\\b", 3 }, "a\\\\b" },
  { "bracket", { "[a]", 3 }, "[a\\]" },
  { "all of them", { "\"\\]", 3 }, "\\\"\\\\\\]" },
  { "newline", { "a\nb", 3 }, "a\\\\nb" },
  { "escape", { "\x1b[1m", 4 }, "\\\\x1b[1m" },
  { "NUL", { "a\0b", 3 }, "a\\\\x00b" },
  { "UTF-8", { "\xc3\xa4", 2 }, "\xc3\xa4" },
  { "broken UTF-8", { "\xc3", 1 }, "\\\\xc3" },
  { "right to left", { "\xe2\x80\xae", 3 }, "\\\\u202e" },
};

static void
test_value(gconstpointer data)
{
  const Row *row = data;
  const CdHeader header = { 30 };
  g_autofree gchar *line = write_line(&header, row->value, CD_TEXT_NONE);
  g_autofree gchar *wanted = g_strdup_printf("<30>1 - - - - - [coder@32473 a=\"%s\"]", row->wanted);

  g_assert_cmpstr(line, ==, wanted);
}

/* A value is cut on a character's border; an escape is one. */
static void
test_value_is_capped(void)
{
  g_autoptr(GString) value = g_string_new(NULL);
  g_autofree gchar *line = NULL;
  const CdHeader header = { 30 };
  CdHeader read;

  while (value->len < 2 * CD_DETAIL_MAX)
    g_string_append(value, "\xc3\xa4");
  line = write_line(&header, (CdText) { value->str, value->len }, CD_TEXT_NONE);
  g_assert_cmpint(cd_header_read(cd_text_from_string(line), &read), ==, CD_HEADER_WHOLE);
  g_assert_true(g_utf8_validate(line, -1, NULL));
  g_assert_cmpuint(read.sdata.length, <=, CD_DETAIL_MAX + strlen("[coder@32473 a=\"\"]"));
}

/* --- writing and reading back ---------------------------------------------------------------- */

/* Bytes that are likely to break something. */
static gchar
random_byte(GRand *random)
{
  static const gchar odd[] = "\"\\] [=\n\r\t\x1b\x7f\xc3\xa4\xe2\x80\xae\xff@-<>";

  switch (g_rand_int_range(random, 0, 4))
    {
    case 0:
      return odd[g_rand_int_range(random, 0, sizeof(odd))];
    case 1:
      return (gchar) g_rand_int_range(random, 0, 256);
    default:
      return (gchar) g_rand_int_range(random, 'a', 'z' + 1);
    }
}

static CdText
random_text(GRand *random, gchar *buffer, gint max)
{
  gsize length = (gsize) g_rand_int_range(random, 0, max);

  for (gsize i = 0; i < length; i++)
    buffer[i] = random_byte(random);
  return (CdText) { buffer, length };
}

#define N_FIELDS 5

static void
write_random(GRand *random, GString *out)
{
  gchar fields[N_FIELDS][64];
  const CdHeader header = {
    (guint) g_rand_int_range(random, 0, 192), CD_TEXT(TIME),
    random_text(random, fields[0], 64),       random_text(random, fields[1], 64),
    random_text(random, fields[2], 64),       random_text(random, fields[3], 64),
  };
  gint n_params = g_rand_int_range(random, 0, 6);
  gchar value[128];
  CdLine line;

  cd_line_begin(&line, out, &header);
  cd_line_open_element(&line, CD_TEXT("coder@32473"));
  for (gint i = 0; i < n_params; i++)
    cd_line_add_param(&line, CD_TEXT("name"), random_text(random, value, sizeof(value)));
  cd_line_close_element(&line);
  cd_line_end(&line, random_text(random, fields[4], 64));
}

static void
write_again(const CdHeader *header, GString *out)
{
  g_auto(CdStatement) storage;
  CdText id, name, value;
  CdSdata sdata;
  CdLine line;

  cd_statement_init(&storage, CD_SOURCE_SDATA);
  cd_line_begin(&line, out, header);
  cd_sdata_init(&sdata, header->sdata);
  while (cd_sdata_next_element(&sdata, &id))
    {
      cd_line_open_element(&line, id);
      while (cd_sdata_next_param(&sdata, &name, &value))
        cd_line_add_param(&line, name, cd_sdata_unescape(value, &storage));
      cd_line_close_element(&line);
    }
  cd_line_end(&line, header->message);
}

/* Whatever goes in, what comes out is read whole, and written again it is the same. */
static void
test_identity(void)
{
  const guint n_lines = g_test_thorough() ? 1000000 : 50000;
  g_autoptr(GRand) random = g_rand_new_with_seed(1);
  g_autoptr(GString) first = g_string_new(NULL);
  g_autoptr(GString) second = g_string_new(NULL);

  for (guint i = 0; i < n_lines; i++)
    {
      CdHeader header;

      g_string_truncate(first, 0);
      g_string_truncate(second, 0);
      write_random(random, first);
      g_assert_cmpint(cd_header_read((CdText) { first->str, first->len }, &header), ==,
                      CD_HEADER_WHOLE);
      write_again(&header, second);
      g_assert_cmpstr(second->str, ==, first->str);
      g_assert_cmpuint(second->len, ==, first->len);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/line/whole", test_whole);
  g_test_add_func("/line/nothing", test_nothing);
  g_test_add_func("/line/two-elements", test_two_elements);
  g_test_add_func("/line/limits", test_limits);
  g_test_add_func("/line/foreign-host", test_foreign_host);
  unit_add_rows("/line/value", rows, test_value);
  g_test_add_func("/line/value-is-capped", test_value_is_capped);
  g_test_add_func("/line/identity", test_identity);
  return g_test_run();
}
