/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SPOOL_H
#define CD_SPOOL_H

#include "disconnect/text.h"

/** The smallest and the default size of a spool on disk, in bytes. */
#define CD_SPOOL_SIZE_MIN (4 * 1024 * 1024)
#define CD_SPOOL_SIZE_DEFAULT (64 * 1024 * 1024)

/** What a spool keeps in memory at most: the tail as a cache, or all of it without a folder. */
#define CD_SPOOL_MEMORY_MAX (8 * 1024 * 1024)

/** Bytes of a cursor's name at most. */
#define CD_SPOOL_NAME_MAX 448

/** Bytes of a line at most: a record with all its fields at their longest has 70 KiB. */
#define CD_SPOOL_LINE_MAX (128 * 1024)

/** Cursors of a spool at most. */
#define CD_SPOOL_CURSORS_MAX 16

#define CD_SPOOL_ERROR (cd_spool_error_quark())

/**
 * CdSpoolError:
 * @CD_SPOOL_ERROR_LOCKED: another process has the folder
 * @CD_SPOOL_ERROR_UNSAFE: the folder or a file in it is not ours alone: owner, mode or kind
 * @CD_SPOOL_ERROR_TOO_LONG: a line over %CD_SPOOL_LINE_MAX, a name over %CD_SPOOL_NAME_MAX
 * @CD_SPOOL_ERROR_TOO_MANY: a cursor over %CD_SPOOL_CURSORS_MAX
 */
typedef enum
{
  CD_SPOOL_ERROR_LOCKED,
  CD_SPOOL_ERROR_UNSAFE,
  CD_SPOOL_ERROR_TOO_LONG,
  CD_SPOOL_ERROR_TOO_MANY,
} CdSpoolError;

/** The domain of #CdSpoolError. */
GQuark cd_spool_error_quark(void);

/** Whose lines go when a cursor lags and the spool is full. */
typedef enum
{
  CD_SPOOL_DROP_OLDEST,
  CD_SPOOL_DROP_NEWEST,
} CdSpoolDrop;

/**
 * CdSpool:
 *
 * Lines on their way to several readers: one append-only log in segments, of which each reader has
 * a cursor. A line counts as accepted once it is appended; a segment goes when every cursor has
 * passed it. Use it from one thread.
 *
 * With a folder the log is on disk, each line framed with its length and a CRC, and what a crash
 * leaves of the last line is cut off when it is opened again. fsync is another thread's, at most
 * once a second. Where the disk is full or broken up to %CD_SPOOL_MEMORY_MAX stay in memory, in
 * order, until it can be written again. Cursors are saved within a second of a commit: what a
 * killed run committed in its last second is read once more.
 *
 * What cannot be read is a loss of each cursor that had not committed it, counted when it is met: a
 * file that is broken, cut off or gone. How many lines were in it, the next file tells, or for the
 * last one where the log ended when the cursors were saved; what was appended after that and was
 * then lost with the machine is not known. Lines that never came out of memory are a loss for the
 * next run, with their numbers when it was closed; when it was killed, only how many they were up
 * to a second before. That takes a file system that writes a block again in its place: not one that
 * copies on write, when it is full.
 *
 * Its timers run in the thread's default main context. Who may meet a limit on the size of files
 * has SIGXFSZ ignored.
 */
typedef struct _CdSpool CdSpool;

/** A reader of a spool; belongs to it. */
typedef struct _CdCursor CdCursor;

/**
 * CdSpoolTrouble:
 *
 * Receives each change of a spool's health, once: @error tells what is wrong, %NULL that all is
 * well again. It may use the spool, append to it for instance, but not close it. Of several things
 * that are wrong at a time the first is told, and the end when none is left.
 *
 * After the end a cursor that was at the tail may find lines again.
 */
typedef void (*CdSpoolTrouble)(const GError *error, gpointer user_data);

/**
 * CdSpoolOptions:
 * @folder: (nullable): where it lives; made with mode 0700. %NULL for memory alone
 * @size_max: bytes on disk at most; %CD_SPOOL_SIZE_MIN where it is less
 * @drop: whose lines go when it is full
 * @trouble: (nullable): told of trouble and of its end
 * @user_data: for @trouble
 */
typedef struct _CdSpoolOptions
{
  const gchar *folder;
  guint64 size_max;
  CdSpoolDrop drop;
  CdSpoolTrouble trouble;
  gpointer user_data;
} CdSpoolOptions;

/**
 * CdSpoolLoss:
 * @count: lines that a cursor lost
 * @first: number of the first; 0 where it cannot be known, since a file was broken
 * @last: number of the last; the same
 */
typedef struct _CdSpoolLoss
{
  guint64 count;
  guint64 first;
  guint64 last;
} CdSpoolLoss;

/**
 * CdSpoolFigures:
 * @accepted: lines since it was opened
 * @bytes: on disk, the file made ahead included, or in memory without a folder
 * @n_segments: files
 * @in_memory: bytes that wait for the disk
 * @oldest: time of the oldest line that a cursor has not committed, in microseconds since 1970; 0
 *   where there is none
 */
typedef struct _CdSpoolFigures
{
  guint64 accepted;
  guint64 bytes;
  guint n_segments;
  guint64 in_memory;
  gint64 oldest;
} CdSpoolFigures;

/**
 * CdSpoolOther:
 * @name: of a cursor that an earlier run left and nobody has asked for in this one
 * @backlog: lines that it has yet to read
 * @lost: lines that it lost and nobody was told
 */
typedef struct _CdSpoolOther
{
  gchar *name;
  guint64 backlog;
  guint64 lost;
} CdSpoolOther;

/**
 * Opens the spool of a folder, or makes it. What a crash left broken is repaired.
 *
 * Errors: #CdSpoolError, or #GFileError for the system call that failed; the message names the
 * path.
 *
 * Returns: (transfer full): free with cd_spool_close()
 */
CdSpool *cd_spool_open(const CdSpoolOptions *options, GError **error);

/**
 * Writes and syncs what is still to be written, and frees it with its cursors.
 *
 * Returns: lines that a cursor had yet to commit and that are lost with the process: all of them
 *   without a folder, else those that could not be written
 */
guint64 cd_spool_close(CdSpool *self);

/**
 * Appends a line. Never waits for the disk's fsync.
 *
 * @number: names the line for a #CdSpoolLoss, from 1 on; grows from line to line within a run
 * @time: microseconds since 1970, for #CdSpoolFigures
 *
 * Returns: %FALSE with %CD_SPOOL_ERROR_TOO_LONG; everything else is trouble, not an error
 */
gboolean cd_spool_append(CdSpool *self, guint64 number, gint64 time, CdText line, GError **error);

/** How it stands. */
void cd_spool_get_figures(const CdSpool *self, CdSpoolFigures *figures);

/**
 * The cursor with this name, as an earlier run left it; a new one begins at the first line that is
 * still there. Cursors of an earlier run that nobody asks for keep their lines until
 * cd_spool_forget_cursor() or cd_spool_forget_other_cursors().
 *
 * Returns: (transfer none): %NULL with an error
 */
CdCursor *cd_spool_get_cursor(CdSpool *self, const gchar *name, GError **error);

/**
 * The cursors of earlier runs that nobody has asked for yet.
 *
 * Returns: (transfer full): of #CdSpoolOther; free with g_ptr_array_unref()
 */
GPtrArray *cd_spool_list_other_cursors(const CdSpool *self);

/**
 * Removes one of those, and what it alone kept.
 *
 * Returns: %FALSE where there is none of this name, or somebody asked for it
 */
gboolean cd_spool_forget_cursor(CdSpool *self, const gchar *name);

/** Removes all of them. Returns: how many lines nobody will read any more */
guint64 cd_spool_forget_other_cursors(CdSpool *self);

/**
 * The next line, which stays the next one until cd_cursor_advance().
 *
 * @line: (out): valid until the next call for this spool
 * @number: (out): its number
 *
 * Returns: %FALSE at the tail
 */
gboolean cd_cursor_peek(CdCursor *self, CdText *line, guint64 *number);

/** Goes past the line that cd_cursor_peek() gave. */
void cd_cursor_advance(CdCursor *self);

/** Lines that it has gone past and not committed. */
guint64 cd_cursor_get_n_uncommitted(const CdCursor *self);

/** Commits the oldest @count of them: they are never read again, by a later run neither. */
void cd_cursor_commit(CdCursor *self, guint64 count);

/** Goes back to the first line that is not committed. */
void cd_cursor_rewind(CdCursor *self);

/**
 * Lines from the cursor to the tail, those of cd_cursor_get_n_uncommitted() included: the rest it
 * has yet to read.
 */
guint64 cd_cursor_get_backlog(const CdCursor *self);

/**
 * What the cursor has lost, by the spool's limit or since a file was broken, also in earlier runs,
 * and nobody was told. It is there until it is known that it was told: cd_cursor_clear_loss().
 *
 * Lines that the cursor had gone past and not committed when they were thrown away are lost when it
 * goes back for them, or when the run ends.
 *
 * Returns: %FALSE where it lost nothing
 */
gboolean cd_cursor_get_loss(CdCursor *self, CdSpoolLoss *loss);

/** What cd_cursor_get_loss() gave last was told. What was lost since stays. */
void cd_cursor_clear_loss(CdCursor *self);

#endif
