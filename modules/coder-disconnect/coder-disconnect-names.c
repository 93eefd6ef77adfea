/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-names.h"

#include "coder-disconnect-compat.h"

#include <gio/gio.h>

/* A message counts the words of its set of tags in 8 bits; a higher id is never stored. */
#define TAG_ID_MAX (255 * 32 - 1)

G_STATIC_ASSERT(CODER_SD_IDS_MAX *CD_N_WIRE_FIELDS * 2 <= CODER_SLOTS);

static NVHandle
_register_pair(const gchar *prefix, const gchar *name)
{
  g_autofree gchar *full = g_strconcat(prefix, name, NULL);

  return log_msg_get_value_handle(full);
}

static void
_add_slot(CoderHandleMap *map, NVHandle handle, guint sd_index, CdField field)
{
  guint at = handle % CODER_SLOTS;

  while (map->slots[at].handle)
    at = (at + 1) % CODER_SLOTS;
  map->slots[at] = (CoderSlot) { handle, (guint8) sd_index, (guint8) field };
  map->first = map->first ? MIN(map->first, handle) : handle;
  map->last = MAX(map->last, handle);
}

static void
_register_sd_id(CoderNames *self, const gchar *sd_id, guint sd_index)
{
  g_autofree gchar *prefix = g_strdup_printf(".SDATA.%s.", sd_id);

  for (guint i = 0; i < CD_N_WIRE_FIELDS; i++)
    {
      NVHandle handle = _register_pair(prefix, cd_field_get_info(i)->name.data);
      _add_slot(&self->sdata, handle, sd_index, i);
      if (i == CD_FIELD_DISCONNECT_REASON)
        self->sdata_reasons[sd_index] = handle;
    }
}

static void
_register_journald(CoderNames *self)
{
  for (guint i = 0; i < CD_N_WIRE_FIELDS; i++)
    {
      g_autofree gchar *name = cd_field_to_journald(i);
      self->journald[i] = _register_pair(".journald.", name);
    }
}

static LogMessageValueType
_type_of(CdKind kind)
{
  switch (kind)
    {
    case CD_KIND_INTEGER:
      return CODER_LM_VT_INTEGER;
    case CD_KIND_BOOLEAN:
      return LM_VT_BOOLEAN;
    case CD_KIND_STRING:
      return LM_VT_STRING;
    }
  g_return_val_if_reached(LM_VT_STRING);
}

static void
_register_pairs(CoderNames *self, const CoderOptions *options)
{
  self->pairs_are_sdata = g_str_has_prefix(options->prefix, ".SDATA.");
  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    {
      const CdFieldInfo *field = cd_field_get_info(i);
      self->pairs[i] = _register_pair(options->prefix, field->name.data);
      _add_slot(&self->own, self->pairs[i], 0, i);
      self->types[i] = _type_of(field->kind);
    }
}

/* A message keeps its values in the order of their handles: what is written comes last, so that
 * writing appends and moves nothing. */
static void
_register_handles(CoderNames *self, const CoderOptions *options)
{
  for (guint i = 0; options->sd_ids[i]; i++)
    _register_sd_id(self, options->sd_ids[i], i);
  _register_journald(self);
  self->raw_message = log_msg_get_value_handle("RAWMSG");
  _register_pairs(self, options);
}

/* Once the table is full, every new name of anybody gets the id 0: none of ours shall have it. */
static void
_keep_first_tag_unused(void)
{
  if (!log_tags_get_by_id(0))
    log_tags_get_by_name(".unused");
}

/* A full table answers with the id of another tag: only the way back tells. */
static gboolean
_register_tag(const CoderOptions *options, CdTag tag, LogTagId *id, GError **error)
{
  g_autofree gchar *name = cd_tag_make_name(tag);
  g_autofree gchar *full = g_strconcat(options->tag_prefix, name, NULL);
  const gchar *back;

  *id = log_tags_get_by_name(full);
  back = log_tags_get_by_id(*id);
  if (back && strcmp(back, full) == 0 && *id <= TAG_ID_MAX)
    return TRUE;
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
              "syslog-ng's table of tags is full, the tag \"%s\" cannot be registered", full);
  return FALSE;
}

static gboolean
_register_tags(CoderNames *self, const CoderOptions *options, GError **error)
{
  for (guint i = 0; i < CD_N_TAGS; i++)
    if (!_register_tag(options, i, &self->tags[i], error))
      return FALSE;
  return TRUE;
}

gboolean
coder_names_init(CoderNames *self, const CoderOptions *options, GError **error)
{
  memset(self, 0, sizeof(*self));
  _register_handles(self, options);
  _keep_first_tag_unused();
  return _register_tags(self, options, error);
}
