/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/journal-entry.h"

#include "../../support/unit.h"

#define HEAD "<28>1 2026-11-21T07:37:29.225000Z h coder-agentd 812 disconnect "
#define FIXED "PRIORITY=4\nSYSLOG_FACILITY=3\nSYSLOG_IDENTIFIER=coder-agentd\nSYSLOG_PID=812\n"

typedef struct _Row
{
  const gchar *name;
  CdText line;
  CdText expected;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "header alone", CD_TEXT(HEAD "- hello"), CD_TEXT("MESSAGE=hello\n" FIXED) },
  { "no message", CD_TEXT(HEAD "-"), CD_TEXT("MESSAGE=\n" FIXED) },
  { "nil fields are left out", CD_TEXT("<0>1 - - - - - - hi"),
    CD_TEXT("MESSAGE=hi\nPRIORITY=0\nSYSLOG_FACILITY=0\n") },
  { "facility local7", CD_TEXT("<191>1 - - - - - - hi"),
    CD_TEXT("MESSAGE=hi\nPRIORITY=7\nSYSLOG_FACILITY=23\n") },
  { "fields of ours", CD_TEXT(HEAD "[coder@32473 disconnect_reason=\"timeout\" exit_code=\"1\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED "CODER_DISCONNECT_REASON=timeout\nCODER_EXIT_CODE=1\n") },
  { "any enterprise number", CD_TEXT(HEAD "[coder@1 app=\"a\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED "CODER_APP=a\n") },
  { "other elements are not ours",
    CD_TEXT(HEAD "[meta app=\"2\"][coder@1 app=\"a\"][origin app=\"b\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED "CODER_APP=a\n") },
  { "the sequence behind ours",
    CD_TEXT(HEAD "[coder@1 run_id=\"r\"][timeQuality][meta language=\"en\" sequenceId=\"2\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED "CODER_RUN_ID=r\nCODER_SEQUENCE_ID=2\n") },
  { "the sequence before ours", CD_TEXT(HEAD "[meta sequenceId=\"2\"][coder@1 app=\"a\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED "CODER_APP=a\nCODER_SEQUENCE_ID=2\n") },
  { "the sequence of somebody else", CD_TEXT(HEAD "[meta sequenceId=\"2\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED) },
  { "a sequence that is no number", CD_TEXT(HEAD "[coder@1 app=\"a\"][meta sequenceId=\"2x\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED "CODER_APP=a\n") },
  { "a sequence in another element", CD_TEXT(HEAD "[coder@1 sequenceId=\"2\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED) },
  { "the first element stands", CD_TEXT(HEAD "[coder@1 app=\"a\"][coder@2 app=\"b\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED "CODER_APP=a\n") },
  { "the first value stands", CD_TEXT(HEAD "[coder@1 app=\"a\" app=\"b\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED "CODER_APP=a\n") },
  { "unknown names are left out", CD_TEXT(HEAD "[coder@1 PATH=\"x\" app=\"a\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED "CODER_APP=a\n") },
  { "escapes", CD_TEXT(HEAD "[coder@1 app=\"a\\\"b\\]c\\\\d\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED "CODER_APP=a\"b]c\\d\n") },
  { "empty value", CD_TEXT(HEAD "[coder@1 app=\"\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED "CODER_APP=\n") },
  { "newline in a value", CD_TEXT(HEAD "[coder@1 app=\"a\nb\" rule=\"7\"] m"),
    CD_TEXT("MESSAGE=m\n" FIXED "CODER_APP\n\3\0\0\0\0\0\0\0a\nb\nCODER_RULE=7\n") },
  { "newline in the message cannot forge a field", CD_TEXT(HEAD "- m\nPRIORITY=0"),
    CD_TEXT("MESSAGE\n\14\0\0\0\0\0\0\0m\nPRIORITY=0\n" FIXED) },
  { "any other line is the message", CD_TEXT("<30>Nov 21 07:37:29 h a[1]: m"),
    CD_TEXT("MESSAGE=<30>Nov 21 07:37:29 h a[1]: m\n") },
  { "broken structured data", CD_TEXT(HEAD "[coder@1 app=\"a\" m"),
    CD_TEXT("MESSAGE=" HEAD "[coder@1 app=\"a\" m\n") },
};
/* clang-format on */

static void
test_row(gconstpointer data)
{
  const Row *row = data;
  g_autoptr(GString) entry = g_string_new(NULL);

  cd_journal_entry_append(entry, row->line);
  unit_assert_text(((CdText) { entry->str, entry->len }), row->expected);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/journal-entry", rows, test_row);
  return g_test_run();
}
