/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_OBJECTS_H
#define CD_OBJECTS_H

#include "closing.h"

#include <gio/gio.h>

/** Bytes of a line at most. */
#define CD_OBJECTS_LINE_MAX (64 * 1024)

#define CD_OBJECTS_ERROR (cd_objects_error_quark())

/**
 * CdObjectsError:
 * @CD_OBJECTS_ERROR_LINE: a line that is no JSON object of strings, numbers and booleans
 */
typedef enum
{
  CD_OBJECTS_ERROR_LINE,
} CdObjectsError;

GQuark cd_objects_error_quark(void);

/**
 * CdObjects:
 *
 * Records as JSON, one object a line, from a stream that is read while the main loop runs.
 */
typedef struct _CdObjects CdObjects;

/** Receives a line: a record, or what is wrong with the line; the message names its number. */
typedef void (*CdObjectsFunc)(const CdRecord *record, const GError *error, gpointer user_data);

/** Receives the end; @error where reading failed. */
typedef void (*CdObjectsEnd)(const GError *error, gpointer user_data);

/** Returns: (transfer full): a reader that has not begun; free with cd_objects_free() */
CdObjects *cd_objects_new(GInputStream *stream, CdObjectsFunc func, CdObjectsEnd end,
                          gpointer user_data);

/** Reads on: at the start, and after cd_objects_pause(). */
void cd_objects_resume(CdObjects *self);

/** Reads no more for now; what has been read is still handed out. */
void cd_objects_pause(CdObjects *self);

/** Frees it. */
void cd_objects_free(CdObjects *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdObjects, cd_objects_free)

#endif
