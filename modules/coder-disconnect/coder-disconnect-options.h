/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_OPTIONS_H
#define CODER_DISCONNECT_OPTIONS_H

#include <glib.h>

#define CODER_SD_IDS_MAX 8

/* What a configuration can set.  Every clone of a parser has its own copy. */
typedef struct
{
  gchar *prefix;
  gchar *tag_prefix;
  gchar **sd_ids; /* in the order of the configuration */
  guint formats;  /* set of CD_FORMAT_BIT() */
  gboolean drop_unmatched;
  gboolean rescue;
  guint duplicate_window; /* seconds, 0 for none */
} CoderOptions;

#define CODER_OPTION_ERROR (coder_option_error_quark())
GQuark coder_option_error_quark(void);

typedef enum
{
  CODER_OPTION_ERROR_VALUE,
} CoderOptionError;

/* Sets the defaults. */
void coder_options_init(CoderOptions *self);

/* Makes self a copy of other; self must be empty or cleared. */
void coder_options_copy(CoderOptions *self, const CoderOptions *other);

void coder_options_clear(CoderOptions *self);

/* The setters take the words (gchar *) that stand in the configuration.  An error of the domain
 * CODER_OPTION_ERROR names the option, the value and what is allowed, in less than 256 bytes. */
gboolean coder_options_set_prefix(CoderOptions *self, GList *values, GError **error);
gboolean coder_options_set_tag_prefix(CoderOptions *self, GList *values, GError **error);
gboolean coder_options_set_sd_ids(CoderOptions *self, GList *values, GError **error);
gboolean coder_options_set_formats(CoderOptions *self, GList *values, GError **error);
gboolean coder_options_set_drop_unmatched(CoderOptions *self, GList *values, GError **error);
gboolean coder_options_set_rescue(CoderOptions *self, GList *values, GError **error);
gboolean coder_options_set_duplicate_window(CoderOptions *self, GList *values, GError **error);

/* The one value of template(), not empty. */
const gchar *coder_options_get_template(GList *values, GError **error);

/* Refuses it for what syslog-ng says about it. Returns: %FALSE */
gboolean coder_options_refuse_template(const gchar *value, const gchar *why, GError **error);

/* Refuses an option that does not exist. */
void coder_options_refuse_unknown(const gchar *name, GError **error);

#endif
