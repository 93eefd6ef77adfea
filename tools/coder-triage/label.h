/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_LABEL_H
#define CD_LABEL_H

#include "disconnect/field.h"

/** Receives a tag without its prefix, and what it stands for. */
typedef void (*CdTagFunc)(const gchar *tag, const gchar *explanation, gpointer user_data);

/** Receives a kind of counters and one of its values. */
typedef void (*CdCounterFunc)(const gchar *kind, const gchar *value, gpointer user_data);

/** All tags that the parser sets. */
void cd_label_foreach_tag(CdTagFunc func, gpointer user_data);

/** All counters that the parser has. */
void cd_label_foreach_counter(CdCounterFunc func, gpointer user_data);

/** A kind of values, in a word. */
const gchar *cd_label_name_kind(CdKind kind);

#endif
