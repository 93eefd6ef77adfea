/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rfc5424/sdata.h"

static gboolean
_is_name_character(gchar c)
{
  return c > ' ' && c < 0x7f && c != '=' && c != ']' && c != '"';
}

static gsize
_name_length(CdText text)
{
  gsize length = 0;

  while (length < text.length && _is_name_character(text.data[length]))
    length++;
  return length;
}

gboolean
cd_sdata_is_name(CdText text)
{
  gsize length = _name_length(text);

  return length > 0 && length == text.length && length <= CD_SDATA_NAME_MAX;
}

static gboolean
_break(CdSdata *self)
{
  self->is_broken = TRUE;
  self->is_open = FALSE;
  return FALSE;
}

static gboolean
_take_character(CdSdata *self, gchar c)
{
  if (cd_text_is_empty(self->rest) || self->rest.data[0] != c)
    return FALSE;
  self->rest = cd_text_skip(self->rest, 1);
  return TRUE;
}

static gboolean
_take_name(CdSdata *self, CdText *name)
{
  gsize length = _name_length(self->rest);

  if (length == 0 || length > CD_SDATA_NAME_MAX)
    return FALSE;
  *name = cd_text_head(self->rest, length);
  self->rest = cd_text_skip(self->rest, length);
  return TRUE;
}

static gboolean
_is_escapable(gchar c)
{
  return c == '"' || c == '\\' || c == ']';
}

static gboolean
_is_escape_at(CdText text, gsize at)
{
  return text.data[at] == '\\' && at + 1 < text.length && _is_escapable(text.data[at + 1]);
}

/* Takes the value up to its closing quote, which it leaves. */
static gboolean
_take_value(CdSdata *self, CdText *value)
{
  CdText text = self->rest;
  gsize at = 0;

  while (at < text.length && text.data[at] != '"' && text.data[at] != ']')
    at += _is_escape_at(text, at) ? 2 : 1;
  if (at >= text.length || text.data[at] == ']')
    return FALSE;
  *value = cd_text_head(text, at);
  self->rest = cd_text_skip(text, at);
  return TRUE;
}

gboolean
cd_sdata_next_param(CdSdata *self, CdText *name, CdText *value)
{
  if (!self->is_open)
    return FALSE;
  if (_take_character(self, ']'))
    return self->is_open = FALSE;
  if (_take_character(self, ' ') && _take_name(self, name) && _take_character(self, '=')
      && _take_character(self, '"') && _take_value(self, value) && _take_character(self, '"'))
    return TRUE;
  return _break(self);
}

gboolean
cd_sdata_next_element(CdSdata *self, CdText *id)
{
  CdText name, value;

  while (cd_sdata_next_param(self, &name, &value))
    ;
  if (self->is_broken || !_take_character(self, '['))
    return FALSE;
  self->is_open = _take_name(self, id);
  return self->is_open || _break(self);
}

static gboolean
_has_escape(CdText value)
{
  for (gsize at = 0; at < value.length; at++)
    if (_is_escape_at(value, at))
      return TRUE;
  return FALSE;
}

CdText
cd_sdata_unescape(CdText value, CdStatement *storage)
{
  g_autoptr(GString) plain = NULL;

  if (!_has_escape(value))
    return value;
  plain = g_string_sized_new(value.length);
  for (gsize at = 0; at < value.length; at++)
    {
      if (_is_escape_at(value, at))
        at++;
      g_string_append_c(plain, value.data[at]);
    }
  return cd_statement_store(storage, (CdText) { plain->str, plain->len });
}

static gboolean
_find_id(CdText id, const gchar *const *sd_ids, guint *index)
{
  for (guint i = 0; sd_ids[i] && i < CD_SDATA_IDS_MAX; i++)
    if (cd_text_is(id, sd_ids[i]))
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

static void
_read_element(CdSdata *reader, CdStatement *statement)
{
  CdText name, value;
  CdField field;

  while (cd_sdata_next_param(reader, &name, &value))
    if (cd_field_from_name(name, &field))
      cd_statement_add(statement, field, cd_sdata_unescape(value, statement));
}

/* Reads the elements with one SD-ID. The first one counts. */
static gboolean
_read_elements(CdText sdata, const gchar *sd_id, CdStatement *statement, gboolean *is_broken)
{
  gboolean seen = FALSE;
  CdSdata reader;
  CdText id;

  cd_sdata_init(&reader, sdata);
  while (cd_sdata_next_element(&reader, &id))
    {
      if (!cd_text_is(id, sd_id))
        continue;
      if (seen)
        statement->contradiction = TRUE;
      else
        _read_element(&reader, statement);
      seen = TRUE;
    }
  *is_broken = reader.is_broken || reader.rest.length;
  return seen;
}

/* Another element of ours that says something else is doubted. */
static void
_compare(CdText sdata, const gchar *sd_id, CdStatement *statement)
{
  g_auto(CdStatement) other;
  gboolean is_broken;

  cd_statement_init(&other, statement->source);
  if (_read_elements(sdata, sd_id, &other, &is_broken)
      && cd_record_has(&other.said, CD_FIELD_DISCONNECT_REASON)
      && !cd_text_equal(cd_record_get(&other.said, CD_FIELD_DISCONNECT_REASON),
                        cd_record_get(&statement->said, CD_FIELD_DISCONNECT_REASON)))
    statement->contradiction = TRUE;
}

static void
_replace(CdStatement *statement, const CdStatement *candidate)
{
  cd_statement_clear(statement);
  *statement = *candidate;
}

/* Reads the element that counts: the first one with a reason, else the first one. Returns: its
 * SD-ID, or the last one. */
static const gchar *const *
_read_first(CdText sdata, const gchar *const *sd_ids, CdStatement *statement, gboolean *seen,
            gboolean *is_broken)
{
  for (;; sd_ids++)
    {
      CdStatement candidate;
      gboolean has_element, has_reason;

      cd_statement_init(&candidate, statement->source);
      has_element = _read_elements(sdata, *sd_ids, &candidate, is_broken);
      has_reason = cd_record_has(&candidate.said, CD_FIELD_DISCONNECT_REASON);
      if (has_element && (has_reason || !*seen))
        _replace(statement, &candidate);
      else
        cd_statement_clear(&candidate);
      *seen |= has_element;
      if (has_reason || !sd_ids[1])
        return sd_ids;
    }
}

gboolean
cd_sdata_read(CdText sdata, const gchar *const *sd_ids, CdStatement *statement)
{
  gboolean seen = FALSE;
  gboolean is_broken;
  const gchar *const *chosen = _read_first(sdata, sd_ids, statement, &seen, &is_broken);

  while (*++chosen)
    _compare(sdata, *chosen, statement);
  if (is_broken && cd_sdata_claims(sdata, sd_ids))
    statement->malformed = TRUE;
  return seen;
}

/* A name's characters take in the bracket before it. */
static CdText
_without_bracket(CdText run)
{
  const gchar *bracket = memrchr(run.data, '[', run.length);

  return bracket ? cd_text_between(bracket + 1, run.data + run.length) : run;
}

/* Whole runs are compared: another SD-ID that only begins or ends like ours is not ours. */
gboolean
cd_sdata_claims(CdText text, const gchar *const *sd_ids)
{
  guint index;

  while (text.length)
    {
      gsize length = _name_length(text);
      if (length && _find_id(_without_bracket(cd_text_head(text, length)), sd_ids, &index))
        return TRUE;
      text = cd_text_skip(text, length + 1);
    }
  return FALSE;
}
