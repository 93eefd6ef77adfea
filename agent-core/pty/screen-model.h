/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SCREEN_MODEL_H
#define CD_SCREEN_MODEL_H

#include "disconnect/text.h"

/** Rows and columns of a model at most; a terminal that is larger is drawn as far. */
#define CD_SCREEN_ROWS_MAX 500
#define CD_SCREEN_COLUMNS_MAX 1000

/**
 * CdScreenModel:
 *
 * What a terminal shows: it takes a program's output and gives, at any moment, the bytes that draw
 * the same screen on a fresh terminal: cells and colours, cursor, modes, title, scroll region,
 * alternate screen (spec: ssh-pty, 6). It never allocates by a peer's will more than its size.
 */
typedef struct _CdScreenModel CdScreenModel;

/** Returns: (transfer full): a blank one; free with cd_screen_model_free() */
CdScreenModel *cd_screen_model_new(guint16 rows, guint16 columns);

/** Frees it. */
void cd_screen_model_free(CdScreenModel *self);

/** Takes output of the program, split anywhere. */
void cd_screen_model_feed(CdScreenModel *self, CdText bytes);

/** The terminal has a new size. */
void cd_screen_model_resize(CdScreenModel *self, guint16 rows, guint16 columns);

/** Whether output may be left out and the model made anew from the last bytes
 * (cd_screen_model_jump()): not in the alternate screen, nor with a scroll region. */
gboolean cd_screen_model_may_jump(const CdScreenModel *self);

/** Begins anew, with the modes kept and the cursor in the last row; the next bytes begin a line. */
void cd_screen_model_jump(CdScreenModel *self);

/**
 * Leaves out as much of what was not fed yet as makes no difference: from @pending, oldest first,
 * the bytes that only scroll off, as by cd_screen_model_jump() and with every mode among them.
 * What comes behind must be fed.
 *
 * Returns: how many of the first bytes it took, 0 where all of them matter
 */
gsize cd_screen_model_skip(CdScreenModel *self, CdText pending);

/** Appends the bytes that draw the screen on a fresh terminal of the same size. */
void cd_screen_model_restore(const CdScreenModel *self, GString *bytes);

/** Gives the memory of a live model back and keeps a snapshot; the next feed makes it live. */
void cd_screen_model_sleep(CdScreenModel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdScreenModel, cd_screen_model_free)

#endif
