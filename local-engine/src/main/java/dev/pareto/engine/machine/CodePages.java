package dev.pareto.engine.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Memory for machine code from Linux: it is written while nothing can execute it and executable only once nothing can write
 * it. It is kept until the JVM ends.
 */
final class CodePages {

    private static final int PAGE = 4096;
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int EXECUTE = 4;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final long FAILED = -1;

    private final Linker linker = Linker.nativeLinker();

    /**
     * Code that may be called.
     *
     * @throws IllegalStateException if the operating system refuses
     */
    MemorySegment executable(byte[] code) {
        long size = Math.ceilDiv(code.length, PAGE) * (long) PAGE;
        var pages = map(size);
        MemorySegment.copy(code, 0, pages, ValueLayout.JAVA_BYTE, 0, code.length);
        if (protect(pages, READ | EXECUTE) != 0) {
            unmap(pages);
            throw new IllegalStateException("the system refuses to make memory executable (mprotect)");
        }
        return pages.asSlice(0, code.length).asReadOnly();
    }

    @SuppressWarnings("restricted") // asked for by MachineCode.lacks()
    private MemorySegment map(long size) {
        try {
            var handle = handle("mmap", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
            long address = (long) handle.invokeExact(0L, size, READ | WRITE, PRIVATE_ANONYMOUS, -1, 0L);
            if (address == FAILED) {
                throw new IllegalStateException("the system gives no memory for machine code (mmap)");
            }
            return MemorySegment.ofAddress(address).reinterpret(size);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private int protect(MemorySegment pages, int protection) {
        try {
            return (int) handle("mprotect", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT))
                    .invokeExact(pages.address(), pages.byteSize(), protection);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private void unmap(MemorySegment pages) {
        try {
            int _ = (int) handle("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG)).invokeExact(pages.address(), pages.byteSize());
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    @SuppressWarnings("restricted") // as above
    private MethodHandle handle(String function, FunctionDescriptor descriptor) {
        var address = linker.defaultLookup()
                .find(function)
                .orElseThrow(() -> new IllegalStateException("libc has no " + function));
        return linker.downcallHandle(address, descriptor);
    }

    private static RuntimeException failed(Throwable e) {
        return e instanceof RuntimeException known ? known : new IllegalStateException("a call of libc failed", e);
    }
}
