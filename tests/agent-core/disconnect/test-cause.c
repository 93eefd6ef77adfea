/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/cause.h"

#include "../../support/unit.h"

static void
test_names(void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

  for (guint i = 0; i < CD_N_CAUSES; i++)
    {
      const gchar *name = cd_cause_get_name(i);

      g_assert_nonnull(name);
      g_assert_cmpuint(strlen(name), >, 0);
      g_assert_true(g_hash_table_add(seen, (gpointer) name));
    }
}

static void
test_bits(void)
{
  guint64 all = 0;

  for (guint i = 0; i < CD_N_CAUSES; i++)
    {
      g_assert_cmpuint(all & CD_CAUSE_BIT(i), ==, 0);
      all |= CD_CAUSE_BIT(i);
    }
}

/* End of file, cancellation and nil prove nothing (taxonomy 6, T7 and T8). */
static void
test_proof_of_a_transport_failure(void)
{
  static const CdCause proofs[] = { CD_CAUSE_RESET,    CD_CAUSE_BROKEN_PIPE, CD_CAUSE_TIMEOUT,
                                    CD_CAUSE_DEADLINE, CD_CAUSE_UNREACHABLE, CD_CAUSE_TLS,
                                    CD_CAUSE_KEEPALIVE };

  for (guint i = 0; i < CD_N_CAUSES; i++)
    {
      gboolean proves = FALSE;

      for (gsize j = 0; j < G_N_ELEMENTS(proofs); j++)
        proves |= proofs[j] == i;
      unit_assert_row(cd_cause_get_name(i),
                      cd_cause_proves_transport_failure(i) ? "proof" : "no proof",
                      proves ? "proof" : "no proof");
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/cause/names", test_names);
  g_test_add_func("/cause/bits", test_bits);
  g_test_add_func("/cause/proof-of-a-transport-failure", test_proof_of_a_transport_failure);
  return g_test_run();
}
