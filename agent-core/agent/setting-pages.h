/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SETTING_PAGES_H
#define CD_SETTING_PAGES_H

#include <glib.h>

/* What documentation and completion have of the tables of settings and options. */

/** The options as an mdoc list. */
void cd_setting_pages_append_manual(GString *out);

/** The settings as a Markdown table. */
void cd_setting_pages_append_table(GString *out);

/** A key file with every setting at its default, as a comment. */
void cd_setting_pages_append_example(GString *out);

/** The completion for bash, all of it. */
void cd_setting_pages_append_completion(GString *out);

#endif
