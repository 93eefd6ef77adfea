/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_STANDARD_FILES_H
#define CD_STANDARD_FILES_H

/**
 * Opens /dev/null in place of standard input, output and error that are closed: else a file or a
 * connection of ours would become one of them. To be called before anything is opened.
 */
void cd_standard_files_fill(void);

#endif
