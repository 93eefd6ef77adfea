/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/label.h"

/* The words that configurations, queries and dashboards hold: none of them may change, and tags are
 * listed in this order. */

static const gchar tags[] =
  "disconnect expected unexpected derived contradiction malformed duplicate"
  " reason.unknown reason.graceful reason.client_closed"
  " reason.server_shutdown reason.network_error reason.protocol_error"
  " reason.workspace_stopped reason.control_plane_lost"
  " layer.server_to_agent layer.agent_to_client layer.client_to_server ";

static const gchar counters[] =
  "reason/unknown reason/graceful reason/client_closed reason/server_shutdown"
  " reason/network_error reason/protocol_error reason/workspace_stopped"
  " reason/control_plane_lost"
  " initiator/none initiator/client initiator/agent initiator/server initiator/network"
  " layer/none layer/server_to_agent layer/agent_to_client layer/client_to_server"
  " expected/true expected/false"
  " event/derived event/contradiction event/malformed event/rescued event/duplicate"
  " event/evicted ";

static void
test_tags(void)
{
  g_autoptr(GString) all = g_string_new(NULL);

  for (guint i = 0; i < CD_N_TAGS; i++)
    {
      g_autofree gchar *name = cd_tag_make_name(i);
      g_string_append_printf(all, "%s ", name);
      g_assert_true(*cd_tag_get_explanation(i));
    }
  g_assert_cmpstr(all->str, ==, tags);
}

static void
test_layers(void)
{
  for (guint i = CD_LAYER_NONE + 1; i < CD_N_LAYERS; i++)
    {
      g_autofree gchar *name = cd_tag_make_name(cd_tag_of_layer(i));
      g_autofree gchar *wanted = g_strconcat("layer.", cd_layer_get_info(i)->name, NULL);
      g_assert_cmpstr(name, ==, wanted);
    }
}

static void
test_counters(void)
{
  g_autoptr(GString) all = g_string_new(NULL);

  for (guint i = 0; i < CD_N_COUNTERS; i++)
    g_string_append_printf(all, "%s/%s ", cd_counter_get_kind(i), cd_counter_get_value(i));
  g_assert_cmpstr(all->str, ==, counters);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/label/tags", test_tags);
  g_test_add_func("/label/tag-of-a-layer", test_layers);
  g_test_add_func("/label/counters", test_counters);
  return g_test_run();
}
