package io.trayb.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockReaderTest {
    @Test
    void an_event_has_its_id_its_name_and_its_data() throws IOException {
        assertThat(read("id: e1-5-0\nevent: job.active\ndata: {\"jobId\":\"7\"}\n\n"))
                .containsExactly(new Block("e1-5-0", "job.active", "{\"jobId\":\"7\"}"));
    }

    @Test
    void a_block_of_an_id_alone_moves_the_cursor_and_fires_nothing() throws IOException {
        assertThat(read("id: e1-5-0\n\n")).containsExactly(new Block("e1-5-0", "message", null));
    }

    @Test
    void comments_and_retry_times_are_not_blocks() throws IOException {
        assertThat(read(": hello\n\nretry: 2500\n\nid:9\n\n")).containsExactly(new Block("9", "message", null));
    }

    @Test
    void the_name_of_an_event_without_data_does_not_stick_to_the_next_one() throws IOException {
        assertThat(read("event: job.failed\n\ndata: x\n\n")).containsExactly(new Block(null, "message", "x"));
    }

    @Test
    void lines_of_data_are_joined_and_one_leading_space_is_dropped() throws IOException {
        assertThat(read("data:  two\ndata:one\ndata\n\n")).containsExactly(new Block(null, "message", " two\none\n"));
    }

    @Test
    void lines_may_end_in_any_of_the_three_ways() throws IOException {
        assertThat(read("id: 1\r\ndata: a\r\n\r\nid: 2\rdata: b\r\rid: 3\ndata: c\n\n"))
                .extracting(Block::id)
                .containsExactly("1", "2", "3");
    }

    @Test
    void a_byte_order_mark_at_the_start_is_not_part_of_a_field() throws IOException {
        assertThat(read("\uFEFFid: 1\n\n")).extracting(Block::id).containsExactly("1");
    }

    @Test
    void an_id_with_a_nul_is_ignored_as_the_standard_says() throws IOException {
        assertThat(read("id: a\0b\ndata: x\n\n")).containsExactly(new Block(null, "message", "x"));
    }

    @Test
    void a_block_that_the_end_cuts_off_is_dropped() throws IOException {
        assertThat(read("id: 1\ndata: whole\n\nid: 2\ndata: ha"))
                .extracting(Block::id)
                .containsExactly("1");
    }

    private static List<Block> read(String stream) throws IOException {
        List<Block> blocks = new ArrayList<>();
        try (BlockReader reader = new BlockReader(new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)))) {
            for (Block block = reader.next(); block != null; block = reader.next()) {
                blocks.add(block);
            }
        }
        return blocks;
    }
}
