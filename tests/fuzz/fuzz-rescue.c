/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The readers of RFC 5424, and what finds a message that has lost its head: a PROGRAM up to the
 * first newline, the text behind it. */
#include "coder-disconnect-rescue.h"

#include "rfc5424/sdata.h"
#include "rfc5424/timestamp.h"

#include "invariants.h"

static const gchar *const sd_ids[] = { "coder@32473", "o", NULL };

static void
check_inside(CdText part, CdText whole)
{
  g_assert_true(
    !part.length
    || (part.data >= whole.data && part.data + part.length <= whole.data + whole.length));
}

static CdText
take(CdText text, CdText wanted)
{
  g_assert_true(cd_text_has_prefix(text, wanted));
  return cd_text_skip(text, wanted.length);
}

/* A field of a whole header, and the blank behind it. */
static CdText
take_field(CdText text, CdText field, gsize max)
{
  g_assert_cmpuint(field.length, <=, max);
  g_assert_true(!field.data || field.length);
  return take(take(text, field.data ? field : CD_TEXT("-")), CD_TEXT(" "));
}

/* Nothing of a whole message is left out but its byte order mark. */
static void
check_whole_from_timestamp(CdText text, const CdHeader *header)
{
  text = take_field(text, header->timestamp, CD_TIMESTAMP_MAX);
  text = take_field(text, header->host, CD_HEADER_HOST_MAX);
  text = take_field(text, header->app_name, CD_HEADER_APP_NAME_MAX);
  text = take_field(text, header->procid, CD_HEADER_PROCID_MAX);
  text = take_field(text, header->msgid, CD_HEADER_MSGID_MAX);
  text = take(text, header->sdata.data ? header->sdata : CD_TEXT("-"));
  if (cd_text_is_empty(text))
    g_assert_true(cd_text_is_empty(header->message));
  else
    {
      text = take(text, CD_TEXT(" "));
      if (cd_text_has_prefix(text, CD_TEXT("\xef\xbb\xbf")))
        text = cd_text_skip(text, 3);
      g_assert_true(cd_text_equal(text, header->message));
    }
}

/* What stands after a break is absent. */
static void
check_broken(CdText text, CdHeaderPart part, const CdHeader *header)
{
  g_assert_true(part > CD_HEADER_TIMESTAMP || !header->timestamp.data);
  g_assert_true(part > CD_HEADER_HOST || !header->host.data);
  g_assert_true(part > CD_HEADER_APP_NAME || !header->app_name.data);
  g_assert_true(part > CD_HEADER_PROCID || !header->procid.data);
  g_assert_true(part > CD_HEADER_MSGID || !header->msgid.data);
  g_assert_true(part == CD_HEADER_SDATA || !header->sdata.data);
  g_assert_true(!header->message.data);
  check_inside(header->sdata, text);
  if (part == CD_HEADER_SDATA)
    g_assert_true(header->sdata.data + header->sdata.length == text.data + text.length);
}

static void
check_from_timestamp(CdText text)
{
  CdHeader header;
  CdHeaderPart part = cd_header_read_from_timestamp(text, &header);

  g_assert_cmpint(part, >=, CD_HEADER_TIMESTAMP);
  g_assert_cmpuint(header.priority, ==, 0);
  if (part == CD_HEADER_WHOLE)
    check_whole_from_timestamp(text, &header);
  else
    check_broken(text, part, &header);
}

static gboolean
is_same_header(const CdHeader *a, const CdHeader *b)
{
  return cd_text_equal(a->timestamp, b->timestamp) && cd_text_equal(a->host, b->host)
         && cd_text_equal(a->app_name, b->app_name) && cd_text_equal(a->procid, b->procid)
         && cd_text_equal(a->msgid, b->msgid) && cd_text_equal(a->sdata, b->sdata)
         && cd_text_equal(a->message, b->message);
}

/* Behind `<PRI>1 ` it is the same message. */
static void
check_header(CdText text)
{
  CdHeader header, rest;
  CdHeaderPart part = cd_header_read(text, &header);
  gchar pri[16];

  g_assert_true(part < CD_HEADER_TIMESTAMP || cd_header_matters(text));
  g_assert_true(!cd_header_matters(text) || cd_header_pri_length(text) >= 3);
  if (part < CD_HEADER_TIMESTAMP)
    return;
  g_snprintf(pri, sizeof(pri), "<%u>1 ", header.priority);
  g_assert_cmpuint(header.priority, <=, 191);
  g_assert_cmpint(cd_header_read_from_timestamp(take(text, cd_text_from_string(pri)), &rest), ==,
                  part);
  g_assert_true(is_same_header(&header, &rest));
}

/* GLib knows every time stamp that we take, but for the year 0 and the offset +24:00. */
static void
check_timestamp(CdText text)
{
  gchar copy[CD_TIMESTAMP_MAX + 1];
  g_autoptr(GDateTime) time = NULL;

  if (!cd_timestamp_is_valid(text))
    return;
  g_assert_cmpuint(text.length, <=, CD_TIMESTAMP_MAX);
  memcpy(copy, text.data, text.length);
  copy[text.length] = '\0';
  time = g_date_time_new_from_iso8601(copy, NULL);
  g_assert_true(time || g_str_has_prefix(copy, "0000-"));
}

static CdText
get_token(CdText text)
{
  const gchar *blank = text.length ? memchr(text.data, ' ', text.length) : NULL;

  return blank ? cd_text_between(text.data, blank) : text;
}

/* Read again between quotes, the escaped value is the same. */
static void
check_value(CdText value)
{
  g_auto(CdStatement) storage;
  g_autoptr(GString) escaped = g_string_new("[a b=\"");
  CdText id, name, plain, again = CD_TEXT_NONE;
  CdSdata reader;

  cd_statement_init(&storage, CD_SOURCE_SDATA);
  plain = cd_sdata_unescape(value, &storage);
  g_assert_cmpuint(plain.length, <=, value.length);
  for (gsize i = 0; i < plain.length; i++)
    {
      if (strchr("\"\\]", plain.data[i]) && plain.data[i])
        g_string_append_c(escaped, '\\');
      g_string_append_c(escaped, plain.data[i]);
    }
  g_string_append(escaped, "\"]");
  cd_sdata_init(&reader, (CdText) { escaped->str, escaped->len });
  g_assert_true(cd_sdata_next_element(&reader, &id) && cd_sdata_next_param(&reader, &name, &again));
  g_assert_true(cd_text_equal(cd_sdata_unescape(again, &storage), plain));
  g_assert_true(!cd_sdata_next_param(&reader, &name, &again) && !reader.is_broken);
}

static CdText
check_params(CdSdata *reader, CdText text)
{
  CdText name, value;

  while (cd_sdata_next_param(reader, &name, &value))
    {
      g_assert_true(cd_sdata_is_name(name));
      text = take(take(text, CD_TEXT(" ")), name);
      text = take(take(text, CD_TEXT("=\"")), value);
      text = take(text, CD_TEXT("\""));
      if (value.length && memchr(value.data, '\\', value.length))
        check_value(value);
    }
  return text;
}

/* The parts that are read, with what the grammar has between them, are the text. */
static void
check_sdata(CdText text)
{
  CdSdata reader;
  CdText id;

  cd_sdata_init(&reader, text);
  while (cd_sdata_next_element(&reader, &id))
    {
      g_assert_true(cd_sdata_is_name(id));
      text = check_params(&reader, take(take(text, CD_TEXT("[")), id));
      text = reader.is_broken ? text : take(text, CD_TEXT("]"));
    }
  g_assert_true(reader.is_broken || cd_text_equal(reader.rest, text));
  check_inside(reader.rest, text);
}

static CdText
skip_digits(CdText text)
{
  while (text.length && g_ascii_isdigit(text.data[0]))
    text = cd_text_skip(text, 1);
  return text;
}

static gboolean
is_count(CdText program)
{
  return program.length <= 9 && cd_text_is_empty(skip_digits(program));
}

/* `1` or `<PRI>1`. */
static gboolean
is_version(CdText program)
{
  CdText pri = cd_text_head(program, program.length ? program.length - 1 : 0);

  return program.length && program.data[program.length - 1] == '1'
         && cd_header_pri_length(program) == pri.length;
}

/* Other frames reach to the end, and a count stands before them. */
static void
check_others(CdText text, CdText others)
{
  if (cd_text_is_empty(others))
    return;
  g_assert_true(g_ascii_isdigit(others.data[0]));
  g_assert_true(cd_text_has_prefix(skip_digits(others), CD_TEXT(" <")));
  g_assert_true(others.data + others.length == text.data + text.length);
}

/* The frame that the count announces: as long as the count says where another count follows. */
static CdText
get_frame(CdText program, CdText text, CdText others)
{
  CdText count = program;
  gint64 length;

  if (cd_text_is_empty(program) && text.data[0] != '<')
    {
      count = cd_text_head(text, text.length - skip_digits(text).length);
      text = take(skip_digits(text), CD_TEXT(" "));
    }
  if (cd_text_is_empty(others))
    return text;
  g_assert_true(cd_text_to_integer(count, &length));
  g_assert_cmpint(length, ==, others.data - text.data);
  return cd_text_head(text, (gsize) length);
}

/* Never behind a name of a program: only behind what a swallowed head leaves in its place. */
static void
check_rescue(CdText program, CdText text)
{
  CdHeader rescued, direct;
  CdText others;
  CdHeaderPart part = coder_rescue_read(program, text, &rescued, &others);
  CdText frame = cd_text_head(text, text.length - others.length);

  if (part == CD_HEADER_PRI)
    return;
  g_assert_true(is_count(program) || is_version(program));
  check_others(text, others);
  g_assert_cmpint(part, ==,
                  is_version(program) ? cd_header_read_from_timestamp(frame, &direct)
                                      : cd_header_read(get_frame(program, text, others), &direct));
  g_assert_true(is_same_header(&rescued, &direct));
}

static gboolean
read_sdata(CdText text, CdStatement *statement)
{
  gboolean is_ours;

  statement->source = CD_SOURCE_SDATA;
  is_ours = cd_sdata_read(text, sd_ids, statement);
  g_assert_true(!(is_ours || statement->malformed) || cd_sdata_claims(text, sd_ids));
  return is_ours;
}

static gboolean
read_header(CdText text, CdStatement *statement)
{
  CdHeader header;

  return cd_header_read(text, &header) == CD_HEADER_WHOLE && header.sdata.length
         && read_sdata(header.sdata, statement);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  const CdText all = { size ? (const gchar *) data : "", size };
  const gchar *newline = memchr(all.data, '\n', size);
  const CdText program = newline ? cd_text_between(all.data, newline) : cd_text_head(all, 0);
  const CdText text = newline ? cd_text_skip(all, program.length + 1) : all;

  check_rescue(program, text);
  check_header(text);
  check_from_timestamp(text);
  check_timestamp(get_token(text));
  check_sdata(text);
  fuzz_read_and_judge(text, read_sdata);
  fuzz_read_and_judge(text, read_header);
  return 0;
}
