package io.trayb.cluster;

import io.trayb.roles.Role;
import io.trayb.roles.Roles;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in the cluster that one process after the other fills.
 *
 * @param name what they are called, such as {@code jobs-1}
 * @param roles their roles
 */
record Member(String name, Roles roles) {
    /**
     * The members of a cluster: the first runs jobs, if any does, the others leave that to it.
     *
     * @throws IllegalArgumentException when the others would have nothing to do
     */
    static List<Member> of(int count, Roles configured) {
        List<Member> members = new ArrayList<>();
        members.add(member(1, configured));
        if (count > 1 && configured.names().equals(List.of(Role.WORKER.wireName()))) {
            throw new IllegalArgumentException("CLUSTER_WORKERS is " + count
                    + ", but only the first process runs jobs and the roles are only worker: the others would have nothing to"
                    + " do; set CLUSTER_WORKERS to 1, or add api or events to the roles");
        }
        for (int number = 2; number <= count; number++) {
            members.add(member(number, configured.has(Role.WORKER) ? configured.without(Role.WORKER) : configured));
        }
        return members;
    }

    private static Member member(int number, Roles roles) {
        String kind = roles.has(Role.WORKER) ? "jobs" : roles.has(Role.API) ? "api" : "events";
        return new Member(kind + "-" + number, roles);
    }
}
