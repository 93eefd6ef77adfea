/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_JSON_KEYS_H
#define CD_JSON_KEYS_H

#include "disconnect/text.h"

/**
 * CdJsonKeys:
 *
 * Which keys that matter an object has had so far: those of our fields, and those that a log line
 * is built of (`level`, `msg`, `fields`, `severity`, `message`). Empty when zeroed.
 */
typedef struct _CdJsonKeys
{
  guint64 fields;
  guint frames;
} CdJsonKeys;

/** Adds a key. Returns: %FALSE where it matters and was there already. */
gboolean cd_json_keys_add(CdJsonKeys *self, CdText key);

#endif
