/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_CHILD_H
#define CD_CHILD_H

#include "disconnect/evidence.h"
#include "process/cgroup.h"
#include "process/inherited.h"
#include "process/pty-pair.h"

/**
 * CdChild:
 *
 * A program in a session of its own, on a pseudo terminal as a rule. Use it from one thread; its
 * sources run in the thread's default main context.
 */
typedef struct _CdChild CdChild;

/**
 * CdChildEnd:
 * @status: exit status; -1 where a signal ended it, or nobody knows
 * @signal_number: that signal, 0 for none
 * @is_ours: whether that signal was sent by cd_child_stop()
 * @out_of_memory: the kernel's out-of-memory killer was at work meanwhile, and the signal is KILL
 *   and not ours, or the status is a shell's for it
 * @is_cgroup_shared: whether others live in the cgroup of which that is known
 *
 * How it ended.
 */
typedef struct _CdChildEnd
{
  gint status;
  gint signal_number;
  gboolean is_ours;
  gboolean out_of_memory;
  gboolean is_cgroup_shared;
} CdChildEnd;

/** It has ended; called once, from the main loop, as soon as the kernel tells. May free it. */
typedef void (*CdChildEnded)(CdChild *child, const CdChildEnd *end, gpointer user_data);

/**
 * CdChildOptions:
 * @argv: (array zero-terminated=1): program and arguments
 * @argv0: (nullable): what the program sees as its name, for a login shell `-bash`
 * @environment: (array zero-terminated=1): all of it
 * @folder: where it starts; `/` where that cannot be entered
 * @pair: the terminal that becomes its standard input, output, error and controlling terminal
 * @output: descriptor above 2 that becomes its standard output and error instead; 0 for none
 * @inherited: what it gets again
 * @cgroup: (nullable): where its out-of-memory kills are counted, lives on; this process's own
 *   for %NULL
 */
typedef struct _CdChildOptions
{
  const gchar *const *argv;
  const gchar *argv0;
  const gchar *const *environment;
  const gchar *folder;
  const CdPtyPair *pair;
  gint output;
  const CdInherited *inherited;
  const CdCgroup *cgroup;
} CdChildOptions;

/**
 * Starts a program. @argv[0] is looked up in the PATH of @environment where it has no slash.
 *
 * Errors: #GSpawnError; the message names the program and the reason.
 *
 * Returns: (transfer full): free with cd_child_free()
 */
CdChild *cd_child_new(const CdChildOptions *options, CdChildEnded ended, gpointer user_data,
                      GError **error);

/**
 * Frees it. One that still runs is killed, and reaped at once or, where the kernel does not let go
 * of it within a tenth of a second, by the main loop.
 */
void cd_child_free(CdChild *self);

/** Frees it, and lets it run on; its end is nobody's business any more, but for the reaping. */
void cd_child_leave(CdChild *self);

/** Its process id; 0 after its end. */
GPid cd_child_get_pid(const CdChild *self);

/** Whether it has ended. */
gboolean cd_child_has_ended(const CdChild *self);

/**
 * Sends its process group SIGHUP, and SIGKILL after @patience_ms. Does nothing after its end.
 * Called again, it only makes the wait shorter.
 */
void cd_child_stop(CdChild *self, guint patience_ms);

/** Puts the end into evidence: status or signal, out of memory. A stop of ours is no evidence. */
void cd_child_end_write(const CdChildEnd *self, CdEvidence *evidence);

/**
 * What the detail says besides (cd_termination_add_detail()): `cgroup shared` where it may have
 * been another's memory that ran out; empty else.
 */
CdText cd_child_end_get_note(const CdChildEnd *self);

/**
 * Reaps what was left to this process where it is PID 1, and leaves alone #CdChild's and what
 * cd_living_add() names. To be called once, in the thread of the children and before any other
 * thread is started: SIGCHLD is blocked from then on.
 *
 * Returns: (transfer full) (nullable): a source, attached; %NULL where it is not PID 1
 */
GSource *cd_child_reap_orphans(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdChild, cd_child_free)

#endif
