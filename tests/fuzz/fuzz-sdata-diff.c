/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our reader of structured data beside syslog-ng's own, on the same bytes: the same verdict, the
 * same parameters, the same text behind them, or one of the differences that doc/fuzzing.md
 * lists. Each of those is a function here, named is_...(). */
#include "sng-test.h"

#include "rfc5424/header.h"
#include "rfc5424/sdata.h"

#include "msg-format.h"
#include "versioning.h"

#define HEAD "<30>1 2026-11-21T07:37:29Z h a 7 - "
#define TEXT_MAX 65536

/* Far below syslog-ng's own 65,535, so that values are cut within the fuzzer's reach. */
#define VALUE_MAX 64

/* So many parameters a message lists. */
#define SDATA_LISTED_MAX G_MAXUINT8

/* ".SDATA.", two names and a dot between them. */
#define FULL_NAME_SIZE (7 + CD_SDATA_NAME_MAX + 1 + CD_SDATA_NAME_MAX + 1)

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static MsgFormatOptions options;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
  sng_test_init();
  msg_format_options_defaults(&options);
  options.flags |= LP_SYSLOG_PROTOCOL;
  options.sdata_param_value_max = VALUE_MAX;
  msg_format_options_init(&options, configuration);
  return 0;
}

/* One parameter, or an element that has none: syslog-ng lists that, too. */
typedef struct
{
  CdText id;
  CdText name;
  CdText value;
} Param;

typedef struct
{
  CdSdata sdata;
  CdText id;
  gboolean has_params;
} Walk;

static gboolean
next_param(Walk *self, Param *param)
{
  *param = (Param) { .value = CD_TEXT("") };
  for (;;)
    {
      gboolean was_open = self->sdata.is_open;
      if (cd_sdata_next_param(&self->sdata, &param->name, &param->value))
        break;
      param->id = self->id;
      if (was_open && !self->has_params)
        return self->has_params = TRUE;
      if (!cd_sdata_next_element(&self->sdata, &self->id))
        return FALSE;
      self->has_params = FALSE;
    }
  param->id = self->id;
  return self->has_params = TRUE;
}

static gchar *
append(gchar *at, CdText text)
{
  memcpy(at, text.data, text.length);
  return at + text.length;
}

static void
get_full_name(const Param *param, gchar full_name[FULL_NAME_SIZE])
{
  gchar *at = append(append(full_name, CD_TEXT(".SDATA.")), param->id);

  if (param->name.length)
    at = append(append(at, CD_TEXT(".")), param->name);
  *at = '\0';
}

/* syslog-ng cuts newlines and NUL off the end of a message before it reads it. */
static CdText
without_end_that_is_cut(CdText line)
{
  while (line.length && (line.data[line.length - 1] == '\n' || line.data[line.length - 1] == '\0'))
    line.length--;
  return line;
}

/* syslog-ng takes a message in which nothing at all, not even "-", stands for structured data. */
static gboolean
is_without_sdata(const CdHeader *header)
{
  return cd_text_is_empty(header->sdata) || header->sdata.data[0] == ' ';
}

/* syslog-ng takes control characters for a part of a name. */
static gboolean
is_control_in_name(CdText rest)
{
  return rest.length && (g_ascii_iscntrl(rest.data[0]) || rest.data[0] == '\0');
}

/* syslog-ng takes longer names than 32 characters. */
static gboolean
is_long_name(CdText rest)
{
  gsize length = 0;

  while (length < rest.length && cd_sdata_is_name((CdText) { rest.data + length, 1 }))
    length++;
  return length > CD_SDATA_NAME_MAX;
}

/* syslog-ng takes a message that ends in the bracket which opens another element. */
static gboolean
is_open_bracket_at_end(CdText rest)
{
  return cd_text_is_empty(rest) && rest.data[-1] == '[';
}

/* syslog-ng takes values without quotes from 4.0 on. */
static gboolean
is_unquoted_value(CdText rest)
{
  return VERSION_VALUE_CURRENT >= VERSION_VALUE_4_0 && rest.data[-1] == '=';
}

/* Of several values under one name syslog-ng keeps the last one. Names are the same for it where
 * SD-ID and name are the same around one dot: `[a.b c="1"][a b.c="2"]`. */
static gboolean
is_said_again(Walk walk, const gchar *full_name)
{
  gchar other_name[FULL_NAME_SIZE];
  Param other;

  while (next_param(&walk, &other))
    {
      get_full_name(&other, other_name);
      if (g_str_equal(other_name, full_name))
        return TRUE;
    }
  return FALSE;
}

/* syslog-ng cuts a long value, without the backslash of an escape that it is in. */
static gboolean
is_cut(CdText ours, CdText theirs)
{
  return ours.length > VALUE_MAX && theirs.length == VALUE_MAX && cd_text_has_prefix(ours, theirs);
}

static CdText
get_value(const LogMessage *message, NVHandle handle)
{
  gssize length;
  const gchar *value = log_msg_get_value_if_set(message, handle, &length);

  return (CdText) { value, value ? (gsize) length : 0 };
}

static void
check_value(const Param *param, const gchar *full_name, const LogMessage *theirs)
{
  CdText value = get_value(theirs, log_msg_get_value_handle(full_name));
  g_auto(CdStatement) storage;
  CdText ours;

  cd_statement_init(&storage, CD_SOURCE_SDATA);
  ours = cd_sdata_unescape(param->value, &storage);
  g_assert_nonnull(value.data);
  g_assert_true(cd_text_equal(ours, value) || is_cut(ours, value));
}

static void
check_params(CdText sdata, const LogMessage *theirs)
{
  gchar full_name[FULL_NAME_SIZE];
  guint n_params = 0;
  Walk walk = { 0 };
  Param param;

  cd_sdata_init(&walk.sdata, sdata);
  while (next_param(&walk, &param))
    {
      get_full_name(&param, full_name);
      if (is_said_again(walk, full_name))
        continue;
      check_value(&param, full_name, theirs);
      n_params++;
    }
  g_assert_cmpuint(theirs->num_sdata, ==, MIN(n_params, SDATA_LISTED_MAX));
}

/* Where our reader stops. */
static CdText
get_break(CdText sdata)
{
  Walk walk = { 0 };
  Param param;

  cd_sdata_init(&walk.sdata, sdata);
  while (next_param(&walk, &param))
    ;
  return walk.sdata.rest;
}

static void
check_only_theirs(const CdHeader *header)
{
  CdText rest = get_break(header->sdata);

  g_assert_true(is_without_sdata(header) || is_control_in_name(rest) || is_long_name(rest)
                || is_open_bracket_at_end(rest) || is_unquoted_value(rest));
}

static void
compare(CdText line)
{
  LogMessage *theirs = log_msg_new_empty();
  gsize problem = 0;
  CdHeader header;
  CdHeaderPart part = cd_header_read(without_end_that_is_cut(line), &header);
  gboolean is_taken = msg_format_try_parse_into(&options, theirs, (const guchar *) line.data,
                                                line.length, &problem);

  g_assert_cmpint(part, >=, CD_HEADER_SDATA);
  if (part == CD_HEADER_WHOLE)
    {
      g_assert_true(is_taken);
      check_params(header.sdata, theirs);
      g_assert_true(cd_text_equal(header.message, get_value(theirs, LM_V_MESSAGE)));
    }
  else if (is_taken)
    check_only_theirs(&header);
  log_msg_unref(theirs);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  /* syslog-ng looks at the byte behind the line. */
  static gchar line[sizeof(HEAD) + TEXT_MAX] = HEAD;
  const gsize length = MIN(size, TEXT_MAX);
  gchar *text = line + strlen(HEAD);

  if (length)
    memcpy(text, data, length);
  text[length] = '\0';
  compare((CdText) { line, strlen(HEAD) + length });
  return 0;
}
