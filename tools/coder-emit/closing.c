/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "closing.h"

#include "proof.h"

#include "disconnect/detail.h"
#include "disconnect/site.h"

/* Bytes of a wrong key or value that are shown. */
#define SHOWN_MAX 80

struct _CdClosing
{
  CdRecord record;
  CdEvidence evidence;
  CdVerdict verdict;
  GStringChunk *texts;
  GHashTable *given; /* set of keys */
  gboolean has_proof;
};

G_DEFINE_QUARK(cd-closing-error-quark, cd_closing_error);

CdClosing *
cd_closing_new(void)
{
  CdClosing *self = g_new0(CdClosing, 1);

  self->texts = g_string_chunk_new(1024);
  self->given = g_hash_table_new(g_str_hash, g_str_equal);
  return self;
}

void
cd_closing_free(CdClosing *self)
{
  g_hash_table_unref(self->given);
  g_string_chunk_free(self->texts);
  g_free(self);
}

/* Cut at the end: a part of a secret might no longer look like one. */
static gchar *
_show(CdText text)
{
  g_autoptr(GString) shown = g_string_new(NULL);

  if (cd_text_is_empty(text))
    return g_strdup("\"\"");
  cd_detail_append_words(shown, text);
  if (shown->len <= SHOWN_MAX)
    return g_strdup(shown->str);
  g_string_truncate(
    shown, (gsize) (g_utf8_find_prev_char(shown->str, shown->str + SHOWN_MAX) - shown->str));
  return g_strconcat(shown->str, "\xe2\x80\xa6", NULL);
}

static gboolean
_refuse_key(GError **error, CdText key, const gchar *why)
{
  g_autofree gchar *shown = _show(key);

  g_set_error(error, CD_CLOSING_ERROR, CD_CLOSING_ERROR_KEY, "%s: %s", shown, why);
  return FALSE;
}

static gboolean
_refuse_value(GError **error, CdText key, CdText value, const gchar *allowed)
{
  g_autofree gchar *shown_key = _show(key);
  g_autofree gchar *shown_value = _show(value);

  g_set_error(error, CD_CLOSING_ERROR, CD_CLOSING_ERROR_VALUE, "%s=%s: allowed: %s", shown_key,
              shown_value, allowed);
  return FALSE;
}

/* --- fields ----------------------------------------------------------------------------------- */

/* The words that a field takes; NULL where it takes any. */
static gchar *
_list_words(CdField field)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new();

  for (guint i = 0; field == CD_FIELD_DISCONNECT_REASON && i < CD_N_REASONS; i++)
    g_ptr_array_add(words, (gpointer) cd_reason_get_info(i)->name);
  for (guint i = 1; field == CD_FIELD_DISCONNECT_INITIATOR && i < CD_N_INITIATORS; i++)
    g_ptr_array_add(words, (gpointer) cd_initiator_get_info(i)->name);
  for (guint i = 1; field == CD_FIELD_CONNECT_TYPE && i < CD_N_LAYERS; i++)
    g_ptr_array_add(words, (gpointer) cd_layer_get_info(i)->name);
  for (guint i = 1; field == CD_FIELD_CONNECTION_METHOD && i < CD_N_METHODS; i++)
    g_ptr_array_add(words, (gpointer) cd_method_get_info(i)->name);
  for (guint i = 1; field == CD_FIELD_SITE && i < CD_N_SITES; i++)
    g_ptr_array_add(words, (gpointer) cd_site_get_info(i)->name);
  if (field == CD_FIELD_DISCONNECT_EXPECTED)
    g_ptr_array_add(words, (gpointer) "true, false");
  if (words->len == 0)
    return NULL;
  g_ptr_array_add(words, NULL);
  return g_strjoinv(", ", (gchar **) words->pdata);
}

static gboolean
_is_integer(CdText value)
{
  gint64 number;

  return cd_text_to_integer(value, &number);
}

static gboolean
_take_word(CdClosing *self, CdField field, CdText value)
{
  CdLayer layer;
  CdMethod method;

  switch ((gint) field)
    {
    case CD_FIELD_DISCONNECT_REASON:
      self->evidence.declared = CD_DECLARED_REASON;
      return cd_reason_parse(value, &self->evidence.declared_reason);
    case CD_FIELD_DISCONNECT_INITIATOR:
      return cd_initiator_parse(value, &self->evidence.declared_initiator);
    case CD_FIELD_SITE:
      return cd_site_parse(value, &self->evidence.site);
    case CD_FIELD_CONNECT_TYPE:
      return cd_layer_parse(value, &layer);
    case CD_FIELD_CONNECTION_METHOD:
      return cd_method_parse(value, &method);
    case CD_FIELD_DISCONNECT_EXPECTED:
      return cd_text_is(value, "true") || cd_text_is(value, "false");
    case CD_FIELD_EXIT_CODE:
      self->evidence.has_reported_code = TRUE;
      return cd_text_to_integer(value, &self->evidence.reported_code);
    default:
      return TRUE;
    }
}

static gboolean
_set_field(CdClosing *self, CdField field, CdText key, CdText value, GError **error)
{
  g_autofree gchar *words = _list_words(field);

  if (field == CD_FIELD_RULE || field == CD_FIELD_RUN_ID)
    return _refuse_key(error, key, "is not for others to set");
  if (cd_text_is_empty(value))
    return _refuse_value(error, key, value, words ? words : "anything but nothing");
  if (cd_field_get_info(field)->kind == CD_KIND_INTEGER && !_is_integer(value))
    return _refuse_value(error, key, value, "an integer");
  if (!_take_word(self, field, value))
    return _refuse_value(error, key, value, words);
  cd_record_set(&self->record, field, value);
  return TRUE;
}

/* --- keys ------------------------------------------------------------------------------------- */

static CdText
_keep(CdClosing *self, CdText text)
{
  return (CdText) { g_string_chunk_insert_len(self->texts, text.data, (gssize) text.length),
                    text.length };
}

static gboolean
_set_proof(CdClosing *self, const CdProof *proof, CdText key, CdText value, GError **error)
{
  if (!proof->read(&self->evidence, value))
    return _refuse_value(error, key, value, proof->allowed);
  self->has_proof = TRUE;
  return TRUE;
}

gboolean
cd_closing_set(CdClosing *self, CdText key, CdText value, GError **error)
{
  const CdProof *proof = cd_proof_find(key);
  CdField field;

  if (!proof && !cd_field_from_name(key, &field))
    return _refuse_key(error, key, "no such key; see --help");
  key = _keep(self, key);
  if (!g_hash_table_add(self->given, (gpointer) key.data))
    return _refuse_key(error, key, "is given twice");
  value = _keep(self, value);
  return proof ? _set_proof(self, proof, key, value, error)
               : _set_field(self, field, key, value, error);
}

/* --- the record ------------------------------------------------------------------------------- */

static gboolean
_check_expected(const CdClosing *self, GError **error)
{
  CdText said = cd_record_get(&self->record, CD_FIELD_DISCONNECT_EXPECTED);
  const gchar *computed = self->verdict.expected ? "true" : "false";

  if (cd_text_is_empty(said) || cd_text_is(said, computed))
    return TRUE;
  g_set_error(error, CD_CLOSING_ERROR, CD_CLOSING_ERROR_CONTRADICTION,
              "disconnect_expected=%s: with the reason %s it is %s", said.data,
              cd_reason_get_info(self->verdict.reason)->name, computed);
  return FALSE;
}

static void
_set_default(CdRecord *record, CdField field, CdText value)
{
  if (!cd_record_has(record, field))
    cd_record_set_or_unset(record, field, value);
}

/* The status that was seen is the code that is reported. */
static void
_write_exit_code(CdClosing *self)
{
  gchar digits[24];

  if (!self->evidence.has_exit_status || cd_record_has(&self->record, CD_FIELD_EXIT_CODE))
    return;
  g_snprintf(digits, sizeof(digits), "%" G_GINT64_FORMAT, self->evidence.exit_status);
  cd_record_set(&self->record, CD_FIELD_EXIT_CODE, _keep(self, cd_text_from_string(digits)));
}

static void
_write_verdict(CdClosing *self)
{
  const CdVerdict *verdict = &self->verdict;
  CdLayer layer = cd_site_get_info(self->evidence.site)->layer;
  CdRecord *record = &self->record;

  _set_default(record, CD_FIELD_CONNECT_TYPE, cd_layer_get_info(layer)->text);
  cd_record_set_verdict(record, verdict->reason, verdict->initiator, verdict->rule);
  _set_default(record, CD_FIELD_DISCONNECT_DETAIL, cd_verdict_get_detail(verdict));
  _write_exit_code(self);
}

const CdRecord *
cd_closing_finish(CdClosing *self, GError **error)
{
  if (!self->has_proof && !cd_record_has(&self->record, CD_FIELD_DISCONNECT_REASON))
    {
      g_set_error(error, CD_CLOSING_ERROR, CD_CLOSING_ERROR_MISSING,
                  "nothing says why it ended: give disconnect_reason or evidence; see --help");
      return NULL;
    }
  cd_classify(&self->evidence, &self->verdict);
  cd_verdict_complete_initiator(&self->verdict, &self->evidence);
  if (!_check_expected(self, error))
    return NULL;
  _write_verdict(self);
  return &self->record;
}

gchar *
cd_closing_describe_keys(void)
{
  GString *text = g_string_new("Fields of the record:\n");
  const CdProof *proofs;
  guint n_proofs;

  for (guint i = 0; i < CD_N_WIRE_FIELDS; i++)
    if (i != CD_FIELD_RULE && i != CD_FIELD_RUN_ID)
      g_string_append_printf(text, "  %-22s%s\n", cd_field_get_info(i)->name.data,
                             cd_field_get_info(i)->explanation);
  g_string_append(text, "\nEvidence, from which the rules find the reason:\n");
  proofs = cd_proofs(&n_proofs);
  for (guint i = 0; i < n_proofs; i++)
    g_string_append_printf(text, "  %-22s%s: %s\n", proofs[i].name, proofs[i].explanation,
                           proofs[i].allowed);
  return g_string_free(text, FALSE);
}
