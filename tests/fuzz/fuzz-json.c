/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guard before json-glib, and both JSON formats behind it. */
#include "slog/json-guard.h"
#include "slog/json.h"
#include "slog/slog.h"

#include <json-glib/json-glib.h>

#include "invariants.h"

static gboolean
read_json(CdText text, CdStatement *statement)
{
  return cd_json_read(text, CD_FORMATS_TEXT, statement);
}

static gboolean
read_fields(CdText text, CdStatement *statement)
{
  statement->source = CD_SOURCE_SLOG_LEGACY;
  return cd_json_read_fields(text, statement);
}

static gboolean
read_line(CdText text, CdStatement *statement)
{
  return cd_slog_read(text, CD_FORMATS_TEXT, statement);
}

/* What is not refused is an object to json-glib, and a second guard finds nothing broken. */
static void
check_guard(CdText text)
{
  g_autoptr(GString) once = g_string_new(NULL);
  g_autoptr(GString) twice = g_string_new(NULL);
  g_autoptr(JsonParser) parser = json_parser_new_immutable();

  if (cd_json_guard(text, once) == CD_JSON_REFUSED)
    return;
  g_assert_cmpuint(strlen(once->str), ==, once->len);
  g_assert_true(json_parser_load_from_data(parser, once->str, -1, NULL));
  g_assert_true(JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)));
  g_assert_cmpint(cd_json_guard((CdText) { once->str, once->len }, twice), ==, CD_JSON_SOUND);
}

/* Who claims to be ours is worth a look. */
static void
check_gates(CdText text)
{
  if (cd_json_claims(text))
    g_assert_true(cd_json_matters(text));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  const CdText text = { (const gchar *) data, size };

  if (!size || data[0] != '{')
    return 0;
  check_guard(text);
  check_gates(text);
  fuzz_read_and_judge(text, read_json);
  fuzz_read_and_judge(text, read_fields);
  fuzz_read_and_judge(text, read_line);
  return 0;
}
