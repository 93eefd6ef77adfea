/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-reader.h"

#include "coder-disconnect-rescue.h"

#include "rfc5424/header.h"
#include "rfc5424/sdata.h"
#include "slog/slog.h"

/* So begins what syslog-ng makes of a message that its own parser refused. */
#define REFUSED CD_TEXT("Error processing log message: ")

/* syslog-ng wants the length: without a place for it an indirect value ends the daemon. */
static CdText
_get_value(const LogMessage *message, NVHandle handle)
{
  gssize length;
  const gchar *value = log_msg_get_value_if_set(message, handle, &length);

  return (CdText) { value, value ? (gsize) length : 0 };
}

/* The same for an entry that has been found. */
static CdText
_get_entry_value(const LogMessage *message, NVHandle handle, const NVEntry *entry)
{
  if (entry->unset)
    return CD_TEXT_NONE;
  if (entry->indirect)
    return _get_value(message, handle);
  return (CdText) { entry->vdirect.data + entry->name_len + 1, entry->vdirect.value_len };
}

typedef struct
{
  CdStatement *statement;
  const LogMessage *message;
  const CoderNames *names;
  guint sd_index;
} SdataReading;

static gboolean
_take_sdata(NVHandle handle, NVEntry *entry, NVIndexEntry *index_entry, gpointer user_data)
{
  SdataReading *self = user_data;
  const CoderSlot *slot = coder_handle_map_find(&self->names->sdata, handle);
  CdText value;

  if (!slot || slot->sd_index != self->sd_index)
    return FALSE;
  value = _get_entry_value(self->message, handle, entry);
  if (value.data)
    cd_record_set(&self->statement->said, slot->field, value);
  return FALSE;
}

/* One walk over all values costs less than a search for each. Whoever sends more parameters than a
 * message lists hides something. */
static void
_read_sdata_of(CdStatement *statement, const LogMessage *message, guint sd_index,
               const CoderNames *names)
{
  SdataReading reading = { statement, message, names, sd_index };

  cd_statement_init(statement, CD_SOURCE_SDATA);
  statement->malformed = message->num_sdata == CODER_SDATA_LISTED_MAX;
  nv_table_foreach_entry(message->payload, _take_sdata, &reading);
}

/* Of two parameters with one name, or two elements with one SD-ID, syslog-ng keeps the last value;
 * only the message as it came shows the first. */
static gboolean
_read_raw_sdata(CdStatement *statement, const LogMessage *message, const CoderNames *names,
                const CoderOptions *options)
{
  CdText raw = _get_value(message, names->raw_message);
  CdHeader header;

  if (cd_text_is_empty(raw) || cd_header_read(raw, &header) != CD_HEADER_WHOLE)
    return FALSE;
  cd_statement_init(statement, CD_SOURCE_SDATA);
  if (cd_sdata_read(header.sdata, (const gchar *const *) options->sd_ids, statement)
      && cd_statement_is_record(statement))
    return TRUE;
  cd_statement_clear(statement);
  return FALSE;
}

/* The first SD-ID of the list counts; another one that says something else is doubted. */
static void
_compare_other_sdata(CdStatement *statement, const LogMessage *message, guint first,
                     const CoderNames *names)
{
  CdText reason = cd_record_get(&statement->said, CD_FIELD_DISCONNECT_REASON);

  for (guint i = first; i < CODER_SD_IDS_MAX && names->sdata_reasons[i]; i++)
    {
      CdText other = _get_value(message, names->sdata_reasons[i]);
      if (other.data && !cd_text_equal(other, reason))
        statement->contradiction = TRUE;
    }
}

static gboolean
_may_have_sdata(const LogMessage *message, const CoderNames *names)
{
  for (guint i = 0; i < message->num_sdata; i++)
    if (coder_handle_map_may_have(&names->sdata, message->sdata[i]))
      return TRUE;
  return message->num_sdata == CODER_SDATA_LISTED_MAX;
}

static gboolean
_read_sdata(CdStatement *statement, const LogMessage *message, const CoderNames *names,
            const CoderOptions *options)
{
  if (!_may_have_sdata(message, names))
    return FALSE;
  for (guint i = 0; i < CODER_SD_IDS_MAX && names->sdata_reasons[i]; i++)
    if (_get_value(message, names->sdata_reasons[i]).data)
      {
        if (_read_raw_sdata(statement, message, names, options))
          return TRUE;
        _read_sdata_of(statement, message, i, names);
        _compare_other_sdata(statement, message, i + 1, names);
        return TRUE;
      }
  return FALSE;
}

static gboolean
_read_journald(CdStatement *statement, const LogMessage *message, const CoderNames *names)
{
  if (!_get_value(message, names->journald[CD_FIELD_DISCONNECT_REASON]).data)
    return FALSE;
  cd_statement_init(statement, CD_SOURCE_JOURNALD);
  for (guint i = 0; i < CD_N_WIRE_FIELDS; i++)
    {
      CdText value = _get_value(message, names->journald[i]);
      if (value.data)
        cd_record_set(&statement->said, i, value);
    }
  return TRUE;
}

/* What no program's name in a real header looks like: a slog level or colour, an object, a
 * "key=value" of the connection log, docker compose's bar behind it. */
static gboolean
_is_head_of_line(CdText head, CdText text)
{
  return strchr("[{\x1b", head.data[0]) || memchr(head.data, '=', head.length)
         || cd_text_has_prefix(text, CD_TEXT(" | "));
}

/* Sources that look for a syslog header take the head of a slog line for one: the date for the
 * message's time, `[warn] ` or `{"ts":` for a program. The rest of the line is the message. */
static CdText
_restore_head(CoderReading *self, const LogMessage *message, CdText text)
{
  CdText head = _get_value(message, LM_V_LEGACY_MSGHDR);

  if (cd_text_is_empty(head) || !_is_head_of_line(head, text))
    return text;
  if (head.length + text.length <= sizeof(self->joined))
    {
      memcpy(self->joined, head.data, head.length);
      memcpy(self->joined + head.length, text.data, text.length);
      return (CdText) { self->joined, head.length + text.length };
    }
  return cd_statement_store_joined(&self->statement, head, text);
}

/* The text of a refused message is its sender's, yet nothing in it can be told from forgery. */
static gboolean
_is_refused(const LogMessage *message, CdText text)
{
  return cd_text_has_prefix(text, REFUSED)
         && cd_text_is(_get_value(message, LM_V_PROGRAM), "syslog-ng");
}

/* Into the refused text syslog-ng puts this mark where its parser stopped, inside a name too. */
static CdText
_skip_mark(CdText text)
{
  return cd_text_skip(text, cd_text_has_prefix(text, CD_TEXT(">@<")) ? 3 : 0);
}

static gboolean
_is_sd_name_character(gchar c)
{
  return g_ascii_isgraph(c) && c != '=' && c != ']' && c != '"';
}

static gboolean
_is_element_of(CdText text, const gchar *sd_id)
{
  for (; *sd_id; sd_id++)
    {
      text = _skip_mark(text);
      if (cd_text_is_empty(text) || text.data[0] != *sd_id)
        return FALSE;
      text = cd_text_skip(text, 1);
    }
  text = _skip_mark(text);
  return cd_text_is_empty(text) || !_is_sd_name_character(text.data[0]);
}

static CdText
_skip_blanks(CdText text)
{
  gsize length = 0;

  while (length < text.length && text.data[length] == ' ')
    length++;
  return cd_text_skip(text, length);
}

static gboolean
_names_our_sd_id(CdText text, const CoderOptions *options)
{
  const gchar *end = text.data + text.length;
  const gchar *bracket = text.data;

  while (bracket < end && (bracket = memchr(bracket, '[', (gsize) (end - bracket))))
    {
      CdText element = _skip_blanks(cd_text_between(++bracket, end));
      for (gchar **sd_id = options->sd_ids; *sd_id; sd_id++)
        if (_is_element_of(element, *sd_id))
          return TRUE;
    }
  return FALSE;
}

static void
_add_header(CdStatement *statement, const CdHeader *header)
{
  cd_record_set_or_unset(&statement->said, CD_FIELD_HOST, header->host);
  cd_record_set_or_unset(&statement->said, CD_FIELD_APP_NAME, header->app_name);
  cd_record_set_or_unset(&statement->said, CD_FIELD_PROCID, header->procid);
  cd_record_set_or_unset(&statement->said, CD_FIELD_MSGID, header->msgid);
}

/* Nothing of it was a record. */
static void
_forget(CdStatement *statement)
{
  cd_statement_clear(statement);
  cd_statement_init(statement, CD_SOURCE_TEXT);
}

/* A whole header without a record of ours is like one that a source has read: its text counts. */
static gboolean
_read_rescued_header(CdStatement *statement, const CdHeader *header, const CoderOptions *options)
{
  const gchar *const *sd_ids = (const gchar *const *) options->sd_ids;

  if ((options->formats & CD_FORMAT_BIT(CD_SOURCE_SDATA))
      && cd_sdata_read(header->sdata, sd_ids, statement) && cd_statement_is_record(statement))
    {
      statement->source = CD_SOURCE_RESCUED;
      _add_header(statement, header);
      return TRUE;
    }
  _forget(statement);
  return cd_slog_read(header->message, options->formats & CD_FORMATS_TEXT, statement);
}

/* Structured data that is broken proves nothing, as where syslog-ng itself refuses it. */
static gboolean
_claims_sdata(CdText sdata, const CoderOptions *options)
{
  return (options->formats & CD_FORMAT_BIT(CD_SOURCE_SDATA))
         && cd_sdata_claims(sdata, (const gchar *const *) options->sd_ids);
}

/* Frames that a source has glued to the first one are lost; where they are records of ours, the
 * message says so. */
static gboolean
_lost_frames(CdText others, gboolean is_ours, const CoderOptions *options)
{
  return others.length && (options->formats & CD_FORMAT_BIT(CD_SOURCE_SDATA))
         && (is_ours || _names_our_sd_id(others, options));
}

/* A message with such a field, or whose raw message ends its own header where the text begins, has
 * lost none: its text only looks like one. */
static gboolean
_has_kept_header(const LogMessage *message, CdText text, const CoderNames *names)
{
  CdText raw = _get_value(message, names->raw_message);
  CdHeader header;

  if (_get_value(message, LM_V_MSGID).length || _get_value(message, LM_V_PID).length)
    return TRUE;
  return raw.length && cd_header_read(raw, &header) == CD_HEADER_WHOLE
         && cd_text_equal(header.message, text);
}

/* Returns: whether the text begins with a header; then nothing but what stands behind it counts. */
static gboolean
_read_rescued(CdStatement *statement, const LogMessage *message, CdText text,
              const CoderNames *names, const CoderOptions *options, gboolean *is_ours)
{
  CdHeader header;
  CdText others;
  CdHeaderPart part = coder_rescue_read(_get_value(message, LM_V_PROGRAM), text, &header, &others);

  if ((part != CD_HEADER_WHOLE && part != CD_HEADER_SDATA)
      || _has_kept_header(message, text, names))
    return FALSE;
  if (part == CD_HEADER_WHOLE)
    *is_ours = _read_rescued_header(statement, &header, options);
  else
    *is_ours = statement->malformed = _claims_sdata(header.sdata, options);
  if (!_lost_frames(others, *is_ours, options))
    return TRUE;
  if (!*is_ours)
    _forget(statement);
  *is_ours = statement->malformed = TRUE;
  return TRUE;
}

/* A message whose structured data was read has lost no header. */
static gboolean
_may_be_rescued(const LogMessage *message, CdText text, const CoderOptions *options)
{
  return options->rescue && text.length && message->num_sdata == 0
         && (text.data[0] == '<' || text.data[0] == '-' || g_ascii_isdigit(text.data[0]));
}

static gboolean
_read_text(CoderReading *self, const LogMessage *message, CdText text, gboolean has_template,
           const CoderOptions *options)
{
  CdStatement *statement = &self->statement;

  if (!has_template)
    text = _restore_head(self, message, text);
  return cd_slog_read(text, options->formats & CD_FORMATS_TEXT, statement);
}

gboolean
coder_reading_read(CoderReading *self, const LogMessage *message, CdText text,
                   gboolean has_template, const CoderNames *names, const CoderOptions *options)
{
  CdStatement *statement = &self->statement;
  gboolean is_ours = FALSE;

  cd_statement_init(statement, CD_SOURCE_TEXT);
  if ((options->formats & CD_FORMAT_BIT(CD_SOURCE_SDATA))
      && _read_sdata(statement, message, names, options))
    return TRUE;
  if ((options->formats & CD_FORMAT_BIT(CD_SOURCE_JOURNALD))
      && _read_journald(statement, message, names))
    return TRUE;
  if (_is_refused(message, text))
    {
      statement->malformed = (options->formats & CD_FORMAT_BIT(CD_SOURCE_SDATA))
                             && _names_our_sd_id(text, options);
      return statement->malformed;
    }
  if (_may_be_rescued(message, text, options)
      && _read_rescued(statement, message, text, names, options, &is_ours))
    return is_ours;
  return (options->formats & CD_FORMATS_TEXT)
         && _read_text(self, message, text, has_template, options);
}
