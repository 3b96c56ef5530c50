package dev.sluice.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Buffers that were not released, over all tests. Leak detection is paranoid in tests, and what it
/// reports fails the test that looks next.
final class Leaks {

    private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

    private Leaks() {}

    /// Must be called before the first buffer is made.
    static void watch() {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(
                new ResourceLeakDetectorFactory() {
                    @Override
                    @SuppressWarnings("deprecation") // still the one method to implement
                    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                            Class<T> resource, int samplingInterval, long maxActive) {
                        return new Recording<>(resource, samplingInterval);
                    }
                });
    }

    static void assertNone() {
        System.gc();
        // Reports come when the next buffers are made.
        for (int i = 0; i < 10; i++) {
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(16);
            buffer.release();
        }
        String leak = FOUND.poll();
        if (leak != null) {
            throw new AssertionError("a buffer was not released: " + leak);
        }
    }

    private static final class Recording<T> extends ResourceLeakDetector<T> {
        Recording(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
            FOUND.add(type + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            FOUND.add(type);
        }
    }
}
