/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TARGET_STDERR_H
#define CD_TARGET_STDERR_H

#include "emit/target-link.h"

/**
 * Opens standard error. Others share it, so that its O_NONBLOCK is not ours to set: a pipe and a
 * terminal are opened once more for us alone. Where that is not allowed only what surely fits is
 * written. Without a reader the link is broken.
 */
void cd_stderr_open(CdLink *self);

/** Writes %PIPE_BUF bytes at most, in one piece. Without a reader the link is broken. */
gssize cd_stderr_write(CdLink *self, CdText bytes, GError **error);

/** Waits until it takes more. */
void cd_stderr_await(CdLink *self);

#endif
