/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_COMPAT_H
#define CODER_DISCONNECT_COMPAT_H

/* Where the SDKs of syslog-ng 3.38 and 4.x differ, and nothing else. */

#include "parser/parser-expr.h"
#include "stats/stats-cluster-single.h"
#include "stats/stats-registry.h"
#include "versioning.h"

#define CODER_COUNTER_NAME "disconnects"

/* Functions that other versions do not have are weak, so that these can open the module and be
 * told that it is not for them: coder-disconnect-host.c. */

#if VERSION_VALUE_CURRENT >= VERSION_VALUE_4_0

#pragma weak cfg_get_parser_maximum_stack_depth
#pragma weak log_parser_clone_settings
#pragma weak log_parser_deinit_method
#pragma weak stats_cluster_single_key_set
#pragma weak stats_cluster_single_key_add_legacy_alias_with_name

#define CODER_LM_VT_INTEGER LM_VT_INTEGER

/* Gives a clone the settings that every parser has. */
#define coder_compat_clone_settings(self, cloned) log_parser_clone_settings((self), (cloned))

#define coder_compat_has_template(self) ((self)->template_obj != NULL)

/* Calls func with the key of one counter; both names point into the caller's frame. */
#define CODER_COMPAT_WITH_KEY(id, kind, value, key, code)                                          \
  do                                                                                               \
    {                                                                                              \
      g_autofree gchar *instance = g_strconcat((kind), "/", (value), NULL);                        \
      StatsClusterLabel labels[] = {                                                               \
        stats_cluster_label("id", (id)),                                                           \
        stats_cluster_label("kind", (kind)),                                                       \
        stats_cluster_label("value", (value)),                                                     \
      };                                                                                           \
      StatsClusterKey key;                                                                         \
      stats_cluster_single_key_set(&key, "coder_disconnects_total", labels, G_N_ELEMENTS(labels)); \
      stats_cluster_single_key_add_legacy_alias_with_name(&key, SCS_PARSER, (id), instance,        \
                                                          CODER_COUNTER_NAME);                     \
      code;                                                                                        \
    }                                                                                              \
  while (0)

#else

#pragma weak stats_cluster_single_key_set_with_name

#define CODER_LM_VT_INTEGER LM_VT_INT64

/* Gives a clone the settings that every parser has. */
static inline void
coder_compat_clone_settings(LogParser *self, LogParser *cloned)
{
  log_parser_set_template(cloned, log_template_ref(self->template));
}

#define coder_compat_has_template(self) ((self)->template != NULL)

#define CODER_COMPAT_WITH_KEY(id, kind, value, key, code)                                          \
  do                                                                                               \
    {                                                                                              \
      g_autofree gchar *instance = g_strconcat((kind), "/", (value), NULL);                        \
      StatsClusterKey key;                                                                         \
      stats_cluster_single_key_set_with_name(&key, SCS_PARSER, (id), instance,                     \
                                             CODER_COUNTER_NAME);                                  \
      code;                                                                                        \
    }                                                                                              \
  while (0)

#endif

/* Needs stats_lock(). */
static inline void
coder_compat_register_counter(const gchar *id, const gchar *kind, const gchar *value,
                              StatsCounterItem **counter)
{
  CODER_COMPAT_WITH_KEY(id, kind, value, key,
                        stats_register_counter(0, &key, SC_TYPE_SINGLE_VALUE, counter));
}

/* Needs stats_lock(). */
static inline void
coder_compat_unregister_counter(const gchar *id, const gchar *kind, const gchar *value,
                                StatsCounterItem **counter)
{
  CODER_COMPAT_WITH_KEY(id, kind, value, key,
                        stats_unregister_counter(&key, SC_TYPE_SINGLE_VALUE, counter));
}

#endif
