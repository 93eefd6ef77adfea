/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rfc5424/header.h"

#include "../../support/unit-linear.h"

#define BOM "\xef\xbb\xbf"
#define TIME "2003-10-11T22:14:15.003Z"
#define BEFORE_SD "<14>1 " TIME " h a - - "

#define TEN(c) c c c c c c c c c c
#define HUNDRED(c) TEN(TEN(c))
#define OF_32(c) TEN(c) TEN(c) TEN(c) c c
#define OF_48(c) TEN(c) TEN(c) TEN(c) TEN(c) c c c c c c c c
#define OF_128(c) HUNDRED(c) TEN(c) TEN(c) c c c c c c c c
#define OF_255(c) HUNDRED(c) HUNDRED(c) TEN(c) TEN(c) TEN(c) TEN(c) TEN(c) c c c c c

/* What is absent reads `~`. */
typedef struct _Row
{
  const gchar *name;
  CdText line;
  const gchar *expected; /* PRI, then each part on a line of its own; the broken part's name */
} Row;

#define ROW(name, line, expected)                                                                  \
  {                                                                                                \
    (name), { (line), sizeof(line) - 1 }, (expected)                                               \
  }

static const Row rows[] = {
  ROW("RFC 5424 example 1",
      "<34>1 " TIME " mymachine.example.com su - ID47 - " BOM "'su root' failed",
      "34\n" TIME "\nmymachine.example.com\nsu\n~\nID47\n~\n'su root' failed\n"),
  ROW("RFC 5424 example 2",
      "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time.",
      "165\n2003-08-24T05:14:15.000003-07:00\n192.0.2.1\nmyproc\n8710\n~\n~\n%% It's time.\n"),
  ROW("RFC 5424 example 3",
      "<165>1 " TIME " mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut=\"3\""
      " eventSource=\"Application\" eventID=\"1011\"] " BOM "An application event log entry...",
      "165\n" TIME "\nmymachine.example.com\nevntslog\n~\nID47\n[exampleSDID@32473 iut=\"3\""
      " eventSource=\"Application\" eventID=\"1011\"]\nAn application event log entry...\n"),
  ROW("RFC 5424 example 4",
      "<165>1 " TIME " mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut=\"3\"]"
      "[examplePriority@32473 class=\"high\"]",
      "165\n" TIME "\nmymachine.example.com\nevntslog\n~\nID47\n[exampleSDID@32473 iut=\"3\"]"
      "[examplePriority@32473 class=\"high\"]\n~\n"),
  ROW("blank between elements", BEFORE_SD "[a@1 k=\"v\"] [b@1 k=\"v\"] m",
      "14\n" TIME "\nh\na\n~\n~\n[a@1 k=\"v\"]\n[b@1 k=\"v\"] m\n"),
  ROW("all nil", "<14>1 - - - - - -", "14\n~\n~\n~\n~\n~\n~\n~\n"),
  ROW("all nil with message", "<14>1 - - - - - - hi", "14\n~\n~\n~\n~\n~\n~\nhi\n"),
  ROW("empty message", "<14>1 - - - - - - ", "14\n~\n~\n~\n~\n~\n~\n\n"),
  ROW("message of a byte order mark", "<14>1 - - - - - - " BOM, "14\n~\n~\n~\n~\n~\n~\n\n"),
  ROW("message of a blank", "<14>1 - - - - - -  ", "14\n~\n~\n~\n~\n~\n~\n \n"),
  ROW("message of any bytes", "<14>1 - - - - - - a\nb\0c\xff",
      "14\n~\n~\n~\n~\n~\n~\na\nb\\x00c\\xff\n"),
  ROW("structured data in the message",
      BEFORE_SD "- [coder@32473 disconnect_reason=\"graceful\"] m",
      "14\n" TIME "\nh\na\n~\n~\n~\n[coder@32473 disconnect_reason=\"graceful\"] m\n"),
  ROW("PRI 0", "<0>1 - - - - - -", "0\n~\n~\n~\n~\n~\n~\n~\n"),
  ROW("PRI 191", "<191>1 - - - - - -", "191\n~\n~\n~\n~\n~\n~\n~\n"),
  ROW("longest host", "<14>1 - " OF_255("h") " - - - -", "14\n~\n" OF_255("h") "\n~\n~\n~\n~\n~\n"),
  ROW("longest app", "<14>1 - - " OF_48("a") " - - -", "14\n~\n~\n" OF_48("a") "\n~\n~\n~\n~\n"),
  ROW("longest procid", "<14>1 - - - " OF_128("p") " - -",
      "14\n~\n~\n~\n" OF_128("p") "\n~\n~\n~\n"),
  ROW("longest msgid", "<14>1 - - - - " OF_32("i") " -", "14\n~\n~\n~\n~\n" OF_32("i") "\n~\n~\n"),
  ROW("all printable characters", "<14>1 - ! ~ \"[] =\\ -", "14\n~\n!\n~\n\"[]\n=\\\n~\n~\n"),

  ROW("empty", "", "PRI"),
  ROW("no PRI", "1 - - - - - -", "PRI"),
  ROW("PRI 192", "<192>1 - - - - - -", "PRI"),
  ROW("PRI with a leading zero", "<014>1 - - - - - -", "PRI"),
  ROW("PRI 00", "<00>1 - - - - - -", "PRI"),
  ROW("PRI of four digits", "<0014>1 - - - - - -", "PRI"),
  ROW("PRI empty", "<>1 - - - - - -", "PRI"),
  ROW("PRI negative", "<-1>1 - - - - - -", "PRI"),
  ROW("PRI open", "<14", "PRI"),
  ROW("PRI alone", "<14>", "VERSION"),
  ROW("version 0", "<14>0 - - - - - -", "VERSION"),
  ROW("version 2", "<14>2 - - - - - -", "VERSION"),
  ROW("version 10", "<14>10 - - - - - -", "VERSION"),
  ROW("version alone", "<14>1", "VERSION"),
  ROW("RFC 3164", "<14>Oct 11 22:14:15 h su: m", "VERSION"),
  ROW("time stamp missing", "<14>1 ", "TIMESTAMP"),
  ROW("time stamp lower-case", "<14>1 2003-10-11t22:14:15z h a - - - m", "TIMESTAMP"),
  ROW("seven digits of a second", "<14>1 2003-10-11T22:14:15.0000031Z h a - - - m", "TIMESTAMP"),
  ROW("leap second", "<14>1 2003-12-31T23:59:60Z h a - - - m", "TIMESTAMP"),
  ROW("two blanks", "<14>1  - - - - - -", "TIMESTAMP"),
  ROW("host missing", "<14>1 - ", "HOSTNAME"),
  ROW("host of 256", "<14>1 - " OF_255("h") "h - - - -", "HOSTNAME"),
  ROW("host with a control", "<14>1 - h\x01 - - - -", "HOSTNAME"),
  ROW("host with DEL", "<14>1 - h\x7f - - - -", "HOSTNAME"),
  ROW("host in UTF-8", "<14>1 - h\xc3\xa4 - - - -", "HOSTNAME"),
  ROW("host with NUL", "<14>1 - h\0 - - - -", "HOSTNAME"),
  ROW("tab for a blank", "<14>1 -\th - - - -", "TIMESTAMP"),
  ROW("app of 49", "<14>1 - - " OF_48("a") "a - - -", "APP-NAME"),
  ROW("procid of 129", "<14>1 - - - " OF_128("p") "p - -", "PROCID"),
  ROW("msgid of 33", "<14>1 - - - - " OF_32("i") "i -", "MSGID"),
  ROW("msgid at the end", "<14>1 - - - - -", "MSGID"),
  ROW("structured data missing", "<14>1 - - - - - ", "STRUCTURED-DATA"),
  ROW("structured data of text", "<14>1 - - - - - m", "STRUCTURED-DATA"),
  ROW("nil without a blank", "<14>1 - - - - - -m", "STRUCTURED-DATA"),
  ROW("message without a blank", BEFORE_SD "[a@1 k=\"v\"]m", "STRUCTURED-DATA"),
  ROW("nil beside an element", BEFORE_SD "[a@1 k=\"v\"]-", "STRUCTURED-DATA"),
  ROW("element broken", BEFORE_SD "[ a@1 k=\"v\"] m", "STRUCTURED-DATA"),
  ROW("second element broken", BEFORE_SD "[a@1 k=\"v\"][b@1 k] m", "STRUCTURED-DATA"),
  ROW("element open", BEFORE_SD "[a@1 k=\"v", "STRUCTURED-DATA"),
};

static void
_append_part(GString *shown, CdText part)
{
  g_autofree gchar *text = unit_show(part);

  g_string_append_printf(shown, "%s\n", part.data ? text : "~");
}

static gchar *
_show(const CdHeader *header)
{
  GString *shown = g_string_new(NULL);

  g_string_append_printf(shown, "%u\n", header->priority);
  _append_part(shown, header->timestamp);
  _append_part(shown, header->host);
  _append_part(shown, header->app_name);
  _append_part(shown, header->procid);
  _append_part(shown, header->msgid);
  _append_part(shown, header->sdata);
  _append_part(shown, header->message);
  return g_string_free(shown, FALSE);
}

static void
test_row(gconstpointer data)
{
  const Row *row = data;
  g_autofree gchar *exact = g_memdup2(row->line.data, row->line.length);
  g_autofree gchar *shown = NULL;
  CdHeader header;
  CdHeaderPart part = cd_header_read((CdText) { exact, row->line.length }, &header);

  if (part != CD_HEADER_WHOLE)
    {
      g_assert_cmpstr(cd_header_part_get_name(part), ==, row->expected);
      return;
    }
  shown = _show(&header);
  g_assert_cmpstr(shown, ==, row->expected);
}

/* What is broken is not lost: structured data may hold elements that are whole. */
static void
test_broken_sdata_is_kept(void)
{
  CdHeader header;

  g_assert_cmpint(cd_header_read(CD_TEXT(BEFORE_SD "[a@1 k=\"v\"][b@1 k] m"), &header), ==,
                  CD_HEADER_SDATA);
  unit_assert_text(header.sdata, CD_TEXT("[a@1 k=\"v\"][b@1 k] m"));
  unit_assert_text(header.host, CD_TEXT("h"));
  g_assert_null(header.message.data);
}

static void
test_matters(void)
{
  g_assert_true(cd_header_matters(CD_TEXT("<14>1 ")));
  g_assert_true(cd_header_matters(CD_TEXT("<999>1 x")));
  g_assert_false(cd_header_matters(CD_TEXT("<14>1")));
  g_assert_false(cd_header_matters(CD_TEXT("<14>2 ")));
  g_assert_false(cd_header_matters(CD_TEXT("<1444>1 ")));
  g_assert_false(cd_header_matters(CD_TEXT("<>1 ")));
  g_assert_false(cd_header_matters(CD_TEXT("14>1 ")));
  g_assert_false(cd_header_matters(CD_TEXT_NONE));
}

static void
test_pri_length(void)
{
  g_assert_cmpuint(cd_header_pri_length(CD_TEXT("<14>Oct")), ==, 4);
  g_assert_cmpuint(cd_header_pri_length(CD_TEXT("<1>")), ==, 3);
  g_assert_cmpuint(cd_header_pri_length(CD_TEXT("<1")), ==, 0);
  g_assert_cmpuint(cd_header_pri_length(CD_TEXT("<a>")), ==, 0);
  g_assert_cmpuint(cd_header_pri_length(CD_TEXT("x<1>")), ==, 0);
}

/* Every cut of a line is broken or whole, and never looked at behind its end. */
static void
test_cut(void)
{
  static const gchar whole[] = BEFORE_SD "[a@1 k=\"v\\\"\"][b@1] m";
  CdHeader header;

  for (gsize length = 0; length < strlen(whole); length++)
    {
      g_autofree gchar *cut = g_memdup2(whole, length);
      CdHeaderPart part = cd_header_read((CdText) { cut, length }, &header);
      g_assert_cmpint(part == CD_HEADER_WHOLE, ==,
                      length > 0 && strchr("] ", whole[length - 1])
                        && length > strlen(BEFORE_SD "[a@1 "));
    }
}

static void
_read_linear(CdText text)
{
  CdHeader header;

  cd_header_read(text, &header);
}

static const UnitLinearRow linear_rows[] = {
  { "host", "<14>1 - ", "h", " - - - -" },
  { "blanks", "<14>1 ", " ", "" },
  { "params", BEFORE_SD "[a@1", " k=\"v\"", "] m" },
  { "elements", BEFORE_SD, "[a@1]", " m" },
  { "open value", BEFORE_SD "[a@1 k=\"", "\\\"", "" },
  { "message", BEFORE_SD "- ", "m", "" },
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
  unit_add_rows("/header/read", rows, test_row);
  g_test_add_func("/header/broken-sdata-is-kept", test_broken_sdata_is_kept);
  g_test_add_func("/header/matters", test_matters);
  g_test_add_func("/header/pri-length", test_pri_length);
  g_test_add_func("/header/cut", test_cut);
  unit_add_rows("/header/linear", linear_rows, test_linear);
  return g_test_run();
}
