/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/json-keys.h"

#include "disconnect/field.h"

static gboolean
_find_frame(CdText key, guint *index)
{
  static const gchar *const frames[] = {
    "level", "msg", "fields", "severity", "message", "logging.googleapis.com/severity",
  };

  for (guint i = 0; i < G_N_ELEMENTS(frames); i++)
    if (cd_text_is(key, frames[i]))
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
_add_field(CdJsonKeys *self, CdField field)
{
  gboolean is_new = !(self->fields & CD_FIELD_BIT(field));

  self->fields |= CD_FIELD_BIT(field);
  return is_new;
}

static gboolean
_add_frame(CdJsonKeys *self, guint index)
{
  gboolean is_new = !(self->frames & (1u << index));

  self->frames |= 1u << index;
  return is_new;
}

gboolean
cd_json_keys_add(CdJsonKeys *self, CdText key)
{
  CdField field;
  guint index;

  if (cd_field_from_slog_key(key, &field))
    return _add_field(self, field);
  return !_find_frame(key, &index) || _add_frame(self, index);
}
