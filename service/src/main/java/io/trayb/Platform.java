package io.trayb;

import io.dropwizard.core.setup.Environment;
import io.trayb.database.Database;
import io.trayb.database.DatabaseUrl;
import io.trayb.embedded.DataDirectory;
import io.trayb.embedded.EmbeddedEngines;
import io.trayb.redis.RedisAdvisor;
import io.trayb.redis.RedisConnections;
import io.trayb.redis.RedisUrl;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.UnifiedJedis;

/**
 * What every feature stands on: Postgres and Redis, embedded or elsewhere. It is put into the service's life first, and so is
 * stopped after every feature.
 *
 * @param database the pool and jdbi
 * @param redisConnections makes further clients
 * @param redis the client that everybody shares
 */
record Platform(Database database, RedisConnections redisConnections, UnifiedJedis redis) {
    private static final Logger LOGGER = LoggerFactory.getLogger(Platform.class);

    static Platform wire(TraybConfiguration configuration, Environment environment) {
        DatabaseUrl databaseUrl = configuration.database().url();
        RedisUrl redisUrl = configuration.redis().url();
        EmbeddedEngines engines = engines(configuration, databaseUrl, redisUrl);
        if (engines != null) {
            environment.lifecycle().manage(engines);
            databaseUrl = databaseUrl == null ? engines.databaseUrl() : databaseUrl;
            redisUrl = redisUrl == null ? engines.redisUrl() : redisUrl;
        }
        if (databaseUrl == null || redisUrl == null) {
            throw new IllegalStateException("an engine is neither configured nor embedded");
        }
        databaseUrl.warnings().forEach(LOGGER::warn);
        LOGGER.info("Postgres is {}, Redis is {}", databaseUrl, redisUrl);
        Database database = new Database(databaseUrl, configuration.database().pool(), environment.metrics());
        environment.lifecycle().manage(database);
        RedisConnections connections = new RedisConnections(redisUrl, configuration.redis());
        UnifiedJedis redis = connections.shared();
        environment.lifecycle().manage(Closing.managed(redis));
        environment
                .lifecycle()
                .manage(new RedisAdvisor(redis, configuration.events().logBytes(), LOGGER::warn));
        return new Platform(database, connections, redis);
    }

    private static @Nullable EmbeddedEngines engines(
            TraybConfiguration configuration, @Nullable DatabaseUrl databaseUrl, @Nullable RedisUrl redisUrl) {
        return databaseUrl != null && redisUrl != null
                ? null
                : EmbeddedEngines.prepare(
                        DataDirectory.at(configuration.dataDir()), databaseUrl == null, redisUrl == null);
    }
}
