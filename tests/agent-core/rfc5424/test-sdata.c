/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rfc5424/sdata.h"

#include "../../support/unit-linear.h"
#include "../../support/unit-statement.h"

#define TEN(c) c c c c c c c c c c
#define OF_32(c) TEN(c) TEN(c) TEN(c) c c

static const gchar *const our_ids[] = { "coder@32473", "coder@99", NULL };

typedef struct _Row
{
  const gchar *name;
  CdText sdata;
  const gchar *expected;
} Row;

#define ROW(name, sdata, expected)                                                                 \
  {                                                                                                \
    (name), { (sdata), sizeof(sdata) - 1 }, (expected)                                             \
  }

/* Elements as `ID(NAME=VALUE;...)`, then `!` where it is broken, and ` +` with what follows. */
static const Row walks[] = {
  ROW("RFC 5424 example 1",
      "[exampleSDID@32473 iut=\"3\" eventSource=\"Application\" eventID=\"1011\"]",
      "exampleSDID@32473(iut=3;eventSource=Application;eventID=1011;)"),
  ROW("RFC 5424 example 2", "[exampleSDID@32473 iut=\"3\"][examplePriority@32473 class=\"high\"]",
      "exampleSDID@32473(iut=3;)examplePriority@32473(class=high;)"),
  ROW("RFC 5424 example 3", "[exampleSDID@32473 iut=\"3\"] [examplePriority@32473 class=\"high\"]",
      "exampleSDID@32473(iut=3;) + [examplePriority@32473 class=\"high\"]"),
  ROW("RFC 5424 example 4", "[ exampleSDID@32473 iut=\"3\"][examplePriority@32473 class=\"high\"]",
      "! + exampleSDID@32473 iut=\"3\"][examplePriority@32473 class=\"high\"]"),
  ROW("RFC 5424 example 5", "[sigSig ver=\"1\" rsID=\"1234\" signature=\"...\"]",
      "sigSig(ver=1;rsID=1234;signature=...;)"),
  ROW("nothing", "", ""),
  ROW("nil", "-", " +-"),
  ROW("text", "m", " +m"),
  ROW("element without params", "[x@1]", "x@1()"),
  ROW("two without params", "[x@1][y]", "x@1()y()"),
  ROW("without a number", "[coder k=\"v\"]", "coder(k=v;)"),
  ROW("dots", "[co.der@1 k.x=\"v\"]", "co.der@1(k.x=v;)"),
  ROW("bracket in a name", "[[x k[=\"v\"]", "[x(k[=v;)"),
  ROW("all three escapes", "[x@1 v=\"q\\\" b\\\\ r\\]\"]", "x@1(v=q\" b\\ r];)"),
  ROW("other backslashes", "[x@1 v=\"\\n\\t\\z\"]", "x@1(v=\\n\\t\\z;)"),
  ROW("backslash before an escape", "[x@1 v=\"\\a\\\\\\\"\"]", "x@1(v=\\a\\\";)"),
  ROW("escaped backslash at the end", "[x@1 v=\"a\\\\\"]", "x@1(v=a\\;)"),
  ROW("opening bracket in a value", "[x@1 v=\"a[b\"]", "x@1(v=a[b;)"),
  ROW("equals in a value", "[x@1 v=\"a=b\"]", "x@1(v=a=b;)"),
  ROW("empty value", "[x@1 k=\"\"]", "x@1(k=;)"),
  ROW("bytes that are no text", "[x@1 k=\"\xff\xfe\"]", "x@1(k=\\xff\\xfe;)"),
  ROW("newline in a value", "[x@1 k=\"a\nb\"]", "x@1(k=a\nb;)"),
  ROW("NUL in a value", "[x@1 k=\"a\0b\"]", "x@1(k=a\\x00b;)"),
  ROW("escape in a value", "[x@1 k=\"\x1b[31m\"]", "x@1(k=\\x1b[31m;)"),
  ROW("repeated param", "[x@1 ip=\"1.1.1.1\" ip=\"2.2.2.2\"]", "x@1(ip=1.1.1.1;ip=2.2.2.2;)"),
  ROW("repeated element", "[x@1 a=\"1\"][x@1 a=\"2\" b=\"3\"]", "x@1(a=1;)x@1(a=2;b=3;)"),
  ROW("longest SD-ID", "[" OF_32("a") " k=\"v\"]", OF_32("a") "(k=v;)"),
  ROW("longest name", "[x@1 " OF_32("k") "=\"v\"]", "x@1(" OF_32("k") "=v;)"),
  ROW("message behind", "[x@1 k=\"v\"] m", "x@1(k=v;) + m"),

  ROW("SD-ID of 33", "[" OF_32("a") "a k=\"v\"]", "! +" OF_32("a") "a k=\"v\"]"),
  ROW("name of 33", "[x@1 " OF_32("k") "k=\"v\"]", "x@1(! +" OF_32("k") "k=\"v\"]"),
  ROW("SD-ID missing", "[]", "! +]"),
  ROW("open at once", "[", "! +"),
  ROW("SD-ID with a quote", "[x\"@1]", "x(! +\"@1]"),
  ROW("SD-ID with equals", "[x=1]", "x(! +=1]"),
  ROW("SD-ID in UTF-8", "[x\xc3\xa4@1]", "x(! +\xc3\xa4@1]"),
  ROW("SD-ID with a control", "[x\x01]", "x(! +\x01]"),
  ROW("unescaped bracket", "[x@1 v=\"a]b\"]", "x@1(! +a]b\"]"),
  ROW("unescaped bracket at once", "[x@1 v=\"]\"]", "x@1(! +]\"]"),
  ROW("backslash at the end", "[x@1 v=\"a\\\"] m", "x@1(! +a\\\"] m"),
  ROW("unterminated value", "[x@1 k=\"v", "x@1(! +v"),
  ROW("unterminated element", "[x@1 k=\"v\"", "x@1(k=v;! +"),
  ROW("unterminated SD-ID", "[x@1", "x@1(! +"),
  ROW("cut behind a backslash", "[x@1 k=\"v\\", "x@1(! +v\\"),
  ROW("no value", "[x@1 k]", "x@1(! +]"),
  ROW("no quotes", "[x@1 k=v]", "x@1(! +v]"),
  ROW("single quotes", "[x@1 k='v']", "x@1(! +'v']"),
  ROW("no name", "[x@1 =\"v\"]", "x@1(! +=\"v\"]"),
  ROW("blank before equals", "[x@1 k =\"v\"]", "x@1(! + =\"v\"]"),
  ROW("blank behind equals", "[x@1 k= \"v\"]", "x@1(! + \"v\"]"),
  ROW("two blanks", "[x@1  k=\"v\"]", "x@1(! + k=\"v\"]"),
  ROW("blank at the end", "[x@1 k=\"v\" ]", "x@1(k=v;! +]"),
  ROW("tab for a blank", "[x@1\tk=\"v\"]", "x@1(! +\tk=\"v\"]"),
  ROW("params without a blank", "[x@1 a=\"1\"b=\"2\"]", "x@1(a=1;! +b=\"2\"]"),
  ROW("whole before a broken one", "[x@1 a=\"1\"][y@1 b]", "x@1(a=1;)y@1(! +]"),
};

static void
_show_element(GString *shown, CdSdata *sdata, CdStatement *storage)
{
  CdText name, value;

  while (cd_sdata_next_param(sdata, &name, &value))
    {
      g_autofree gchar *shown_value = unit_show(cd_sdata_unescape(value, storage));
      g_string_append_printf(shown, "%.*s=%s;", (gint) name.length, name.data, shown_value);
    }
  if (!sdata->is_broken)
    g_string_append_c(shown, ')');
}

static gchar *
_show(CdText text)
{
  g_auto(CdStatement) storage;
  GString *shown = g_string_new(NULL);
  CdSdata sdata;
  CdText id;

  cd_statement_init(&storage, CD_SOURCE_SDATA);
  cd_sdata_init(&sdata, text);
  while (cd_sdata_next_element(&sdata, &id))
    {
      g_string_append_printf(shown, "%.*s(", (gint) id.length, id.data);
      _show_element(shown, &sdata, &storage);
    }
  if (sdata.is_broken)
    g_string_append_c(shown, '!');
  if (sdata.is_broken || sdata.rest.length)
    g_string_append_printf(shown, " +%.*s", (gint) sdata.rest.length, sdata.rest.data);
  return g_string_free(shown, FALSE);
}

static void
test_walk(gconstpointer data)
{
  const Row *row = data;
  g_autofree gchar *exact = g_memdup2(row->sdata.data, row->sdata.length);
  g_autofree gchar *shown = _show((CdText) { exact, row->sdata.length });

  g_assert_cmpstr(shown, ==, row->expected);
}

/* The statement that comes out, and NONE in front where none of our elements was there. */
static const Row readings[] = {
  ROW("ours", "[coder@32473 disconnect_reason=\"graceful\" exit_code=\"0\"]",
      "disconnect_reason=graceful\nexit_code=0\n"),
  ROW("ours among others",
      "[origin software=\"x\"][coder@32473 disconnect_reason=\"graceful\"][meta sequenceId=\"1\"]",
      "disconnect_reason=graceful\n"),
  ROW("ours without a reason", "[coder@32473 site=\"pty\"]", "site=pty\n"),
  ROW("ours without params", "[coder@32473]", ""),
  ROW("the second SD-ID", "[coder@99 disconnect_reason=\"graceful\"]",
      "disconnect_reason=graceful\n"),
  ROW("two SD-IDs, the first in the list stands",
      "[coder@99 disconnect_reason=\"graceful\" exit_code=\"1\"]"
      "[coder@32473 disconnect_reason=\"graceful\" site=\"pty\"]",
      "site=pty\ndisconnect_reason=graceful\n"),
  ROW("two SD-IDs, only the second has a reason",
      "[coder@32473 site=\"pty\"][coder@99 disconnect_reason=\"graceful\"]",
      "disconnect_reason=graceful\n"),
  ROW("SD-IDs against each other",
      "[coder@99 disconnect_reason=\"graceful\"][coder@32473 disconnect_reason=\"network_error\"]",
      "disconnect_reason=network_error\nCONTRADICTION\n"),
  ROW("rule is read", "[coder@32473 rule=\"7\"]", "rule=7\n"),
  ROW("others' params are passed over", "[coder@32473 error=\"x\" source=\"y\" id=\"z\"]", ""),
  ROW("names are exact", "[coder@32473 Disconnect_Reason=\"graceful\" disconnect_reason_=\"x\"]",
      ""),
  ROW("empty reason", "[coder@32473 disconnect_reason=\"\"]", "disconnect_reason=\n"),
  ROW("unescaped", "[coder@32473 disconnect_detail=\"a \\\"b\\\" \\] \\\\ \\n\"]",
      "disconnect_detail=a \"b\" ] \\ \\n\n"),
  ROW("NUL", "[coder@32473 disconnect_detail=\"a\0b\"]", "disconnect_detail=a\\x00b\n"),
  ROW("param twice, the same", "[coder@32473 app=\"a\" app=\"a\"]", "app=a\n"),
  ROW("param twice, another", "[coder@32473 app=\"a\" app=\"b\"]", "app=a\nCONTRADICTION\n"),
  ROW("element twice", "[coder@32473 app=\"a\"][coder@32473 app=\"b\" site=\"pty\"]",
      "app=a\nCONTRADICTION\n"),
  ROW("element twice, the same", "[coder@32473 app=\"a\"][coder@32473 app=\"a\"]",
      "app=a\nCONTRADICTION\n"),
  ROW("others' element twice", "[x@1 app=\"a\"][x@1 app=\"b\"]", "NONE\n"),
  ROW("none of ours", "[x@1 disconnect_reason=\"graceful\"]", "NONE\n"),
  ROW("SD-ID that begins like ours", "[coder@324731 app=\"a\"]", "NONE\n"),
  ROW("SD-ID that ends like ours", "[xcoder@32473 app=\"a\"]", "NONE\n"),
  ROW("SD-ID in another case", "[Coder@32473 app=\"a\"]", "NONE\n"),
  ROW("SD-ID without a number", "[coder app=\"a\"]", "NONE\n"),
  ROW("SD-ID in a value", "[x@1 k=\"[coder@32473 app=\\\"a\\\"\\]\"]", "NONE\n"),
  ROW("nothing", "", "NONE\n"),

  ROW("broken in a value", "[coder@32473 disconnect_reason=\"graceful\" app=\"a]b\"]",
      "disconnect_reason=graceful\nMALFORMED\n"),
  ROW("cut in a value", "[coder@32473 disconnect_reason=\"graceful\" app=\"a",
      "disconnect_reason=graceful\nMALFORMED\n"),
  ROW("cut behind a value", "[coder@32473 disconnect_reason=\"graceful\"",
      "disconnect_reason=graceful\nMALFORMED\n"),
  ROW("cut behind the SD-ID", "[coder@32473", "MALFORMED\n"),
  ROW("broken before the SD-ID", "[ coder@32473 disconnect_reason=\"graceful\"]",
      "NONE\nMALFORMED\n"),
  ROW("broken in an element before", "[x@1 k][coder@32473 disconnect_reason=\"graceful\"]",
      "NONE\nMALFORMED\n"),
  ROW("broken in an element behind", "[coder@32473 disconnect_reason=\"graceful\"][x@1 k]",
      "disconnect_reason=graceful\nMALFORMED\n"),
  ROW("text behind", "[coder@32473 disconnect_reason=\"graceful\"]x",
      "disconnect_reason=graceful\nMALFORMED\n"),
  ROW("others' broken", "[x@1 k]", "NONE\n"),
  ROW("others' broken, beginning like ours", "[coder@324731 k]", "NONE\n"),
};

static void
test_read(gconstpointer data)
{
  const Row *row = data;
  g_autofree gchar *exact = g_memdup2(row->sdata.data, row->sdata.length);
  g_autofree gchar *shown = NULL;
  g_autofree gchar *with_presence = NULL;
  g_auto(CdStatement) statement;
  gboolean is_ours;

  cd_statement_init(&statement, CD_SOURCE_SDATA);
  is_ours = cd_sdata_read((CdText) { exact, row->sdata.length }, our_ids, &statement);
  shown = unit_show_statement(&statement);
  with_presence = g_strconcat(is_ours ? "" : "NONE\n", shown, NULL);
  g_assert_cmpstr(with_presence, ==, row->expected);
}

static void
test_views(void)
{
  static const gchar sdata[] = "[coder@32473 app=\"a\\b\" site=\"p\\\"\"]";
  g_auto(CdStatement) statement;
  CdText app;

  cd_statement_init(&statement, CD_SOURCE_SDATA);
  cd_sdata_read(CD_TEXT("[coder@32473 app=\"a\\b\" disconnect_reason=\"graceful\"]"), our_ids,
                &statement);
  g_assert_null(statement.chunk);
  cd_sdata_read((CdText) { sdata, sizeof(sdata) - 1 }, our_ids, &statement);
  g_assert_nonnull(statement.chunk);
  app = cd_record_get(&statement.said, CD_FIELD_APP);
  unit_assert_text(app, CD_TEXT("a\\b"));
}

static void
test_is_name(void)
{
  g_assert_true(cd_sdata_is_name(CD_TEXT("coder@32473")));
  g_assert_true(cd_sdata_is_name(CD_TEXT(OF_32("a"))));
  g_assert_true(cd_sdata_is_name(CD_TEXT("!")));
  g_assert_false(cd_sdata_is_name(CD_TEXT("")));
  g_assert_false(cd_sdata_is_name(CD_TEXT(OF_32("a") "a")));
  g_assert_false(cd_sdata_is_name(CD_TEXT("a b")));
  g_assert_false(cd_sdata_is_name(CD_TEXT("a=b")));
  g_assert_false(cd_sdata_is_name(CD_TEXT("a]")));
  g_assert_false(cd_sdata_is_name(CD_TEXT("a\"")));
  g_assert_false(cd_sdata_is_name(CD_TEXT("\xc3\xa4")));
  g_assert_false(cd_sdata_is_name(CD_TEXT("a\0")));
}

static void
test_claims(void)
{
  g_assert_true(cd_sdata_claims(CD_TEXT("x [coder@32473 a"), our_ids));
  g_assert_true(cd_sdata_claims(CD_TEXT("coder@32473"), our_ids));
  g_assert_true(cd_sdata_claims(CD_TEXT("coder@324731 coder@32473"), our_ids));
  g_assert_true(cd_sdata_claims(CD_TEXT("[x coder@99]"), our_ids));
  g_assert_false(cd_sdata_claims(CD_TEXT("coder@324731"), our_ids));
  g_assert_false(cd_sdata_claims(CD_TEXT("mycoder@32473"), our_ids));
  g_assert_false(cd_sdata_claims(CD_TEXT("coder"), our_ids));
  g_assert_false(cd_sdata_claims(CD_TEXT_NONE, our_ids));
}

static void
_read_linear(CdText text)
{
  g_auto(CdStatement) statement;

  cd_statement_init(&statement, CD_SOURCE_SDATA);
  cd_sdata_read(text, our_ids, &statement);
}

static const UnitLinearRow linear_rows[] = {
  { "params", "[coder@32473", " app=\"a\"", "]" },
  { "other params", "[coder@32473", " k=\"v\"", "]" },
  { "elements", "", "[coder@32473 app=\"a\"]", "" },
  { "escapes", "[coder@32473 app=\"", "\\\"", "\"]" },
  { "backslashes", "[coder@32473 app=\"", "\\a", "\"]" },
  { "broken claims", "[", " coder@324731", "" },
  { "broken beginnings", "[", " coder@", "" },
};

static void
test_linear(gconstpointer data)
{
  unit_assert_linear(data, _read_linear);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/sdata/walk", walks, test_walk);
  unit_add_rows("/sdata/read", readings, test_read);
  g_test_add_func("/sdata/views", test_views);
  g_test_add_func("/sdata/is-name", test_is_name);
  g_test_add_func("/sdata/claims", test_claims);
  unit_add_rows("/sdata/linear", linear_rows, test_linear);
  return g_test_run();
}
