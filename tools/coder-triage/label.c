/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "label.h"

#include "mark.h"

/* What a counter of an empty value is called. */
#define NO_VALUE "none"

static void
_tag(const gchar *kind, const gchar *name, const gchar *explanation, CdTagFunc func,
     gpointer user_data)
{
  g_autofree gchar *tag = g_strconcat(kind, name, NULL);

  func(tag, explanation, user_data);
}

void
cd_label_foreach_tag(CdTagFunc func, gpointer user_data)
{
  func("disconnect", "A record.", user_data);
  func("expected", "Its reason is normal operation.", user_data);
  func("unexpected", "It is to be investigated.", user_data);
  for (guint i = 0; i < CD_N_REASONS; i++)
    _tag("reason.", cd_reason_get_info(i)->name, cd_reason_get_info(i)->explanation, func,
         user_data);
  for (guint i = CD_LAYER_NONE + 1; i < CD_N_LAYERS; i++)
    _tag("layer.", cd_layer_get_info(i)->name, cd_layer_get_info(i)->explanation, func, user_data);
  for (guint i = 0; i < CD_N_MARKS; i++)
    func(cd_mark_get_info(i)->name, cd_mark_get_info(i)->explanation, user_data);
  func("duplicate", "Another message told of this end.", user_data);
}

static const gchar *
_value(const gchar *name)
{
  return *name ? name : NO_VALUE;
}

void
cd_label_foreach_counter(CdCounterFunc func, gpointer user_data)
{
  for (guint i = 0; i < CD_N_REASONS; i++)
    func("reason", cd_reason_get_info(i)->name, user_data);
  for (guint i = 0; i < CD_N_INITIATORS; i++)
    func("initiator", _value(cd_initiator_get_info(i)->name), user_data);
  for (guint i = 0; i < CD_N_LAYERS; i++)
    func("layer", _value(cd_layer_get_info(i)->name), user_data);
  func("expected", "true", user_data);
  func("expected", "false", user_data);
  for (guint i = 0; i < CD_N_MARKS; i++)
    func("event", cd_mark_get_info(i)->name, user_data);
  func("event", "rescued", user_data);
  func("event", "duplicate", user_data);
  func("event", "evicted", user_data);
}

const gchar *
cd_label_name_kind(CdKind kind)
{
  switch (kind)
    {
    case CD_KIND_STRING:
      return "string";
    case CD_KIND_INTEGER:
      return "integer";
    case CD_KIND_BOOLEAN:
      return "boolean";
    }
  g_return_val_if_reached("");
}
