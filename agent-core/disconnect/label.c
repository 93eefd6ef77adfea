/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/label.h"

/* What a counter of an empty value is called. */
#define NO_VALUE "none"

typedef struct _Label
{
  const gchar *kind; /* what stands before a tag's name */
  const gchar *name;
  const gchar *explanation;
} Label;

static Label
_mark(const gchar *kind, CdMark mark)
{
  const CdNameInfo *info = cd_mark_get_info(mark);

  return (Label) { kind, info->name, info->explanation };
}

static Label
_reason(const gchar *kind, CdReason reason)
{
  const CdReasonInfo *info = cd_reason_get_info(reason);

  return (Label) { kind, info->name, info->explanation };
}

static Label
_layer(const gchar *kind, CdLayer layer)
{
  const CdNameInfo *info = cd_layer_get_info(layer);

  return (Label) { kind, info->name, info->explanation };
}

static Label
_tag(CdTag tag)
{
  if (tag >= CD_TAG_LAYER)
    return _layer("layer.", CD_LAYER_NONE + 1 + (tag - CD_TAG_LAYER));
  if (tag >= CD_TAG_REASON)
    return _reason("reason.", tag - CD_TAG_REASON);
  if (tag == CD_TAG_DUPLICATE)
    return (Label) { "", "duplicate", "Another message told of this end." };
  if (tag >= CD_TAG_MARK)
    return _mark("", tag - CD_TAG_MARK);
  if (tag == CD_TAG_UNEXPECTED)
    return (Label) { "", "unexpected", "It is to be investigated." };
  if (tag == CD_TAG_EXPECTED)
    return (Label) { "", "expected", "Its reason is normal operation." };
  return (Label) { "", "disconnect", "A record." };
}

gchar *
cd_tag_make_name(CdTag tag)
{
  const Label label = _tag(tag);

  return g_strconcat(label.kind, label.name, NULL);
}

const gchar *
cd_tag_get_explanation(CdTag tag)
{
  return _tag(tag).explanation;
}

static Label
_event(CdCounter counter)
{
  static const gchar *const names[] = { "rescued", "duplicate", "evicted" };

  G_STATIC_ASSERT(CD_COUNTER_RESCUED + G_N_ELEMENTS(names) == CD_N_COUNTERS);
  if (counter < CD_COUNTER_RESCUED)
    return _mark("event", counter - CD_COUNTER_MARK);
  return (Label) { "event", names[counter - CD_COUNTER_RESCUED], NULL };
}

static Label
_counter(CdCounter counter)
{
  if (counter >= CD_COUNTER_MARK)
    return _event(counter);
  if (counter >= CD_COUNTER_EXPECTED)
    return (Label) { "expected", counter == CD_COUNTER_EXPECTED ? "true" : "false", NULL };
  if (counter >= CD_COUNTER_LAYER)
    return _layer("layer", counter - CD_COUNTER_LAYER);
  if (counter >= CD_COUNTER_INITIATOR)
    return (Label) { "initiator", cd_initiator_get_info(counter - CD_COUNTER_INITIATOR)->name,
                     NULL };
  return _reason("reason", counter - CD_COUNTER_REASON);
}

const gchar *
cd_counter_get_kind(CdCounter counter)
{
  return _counter(counter).kind;
}

const gchar *
cd_counter_get_value(CdCounter counter)
{
  const gchar *name = _counter(counter).name;

  return *name ? name : NO_VALUE;
}
