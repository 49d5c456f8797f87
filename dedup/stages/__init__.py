"""The stages of the engine, in pipeline order: pure functions from arrays to arrays.

``tokenize`` → ``mask`` (``credit``, ``boilerplate``) → ``sketch`` and ``seed`` →
``candidates`` → ``align`` (``edit``, ``fact``) → ``quote`` → ``overlap`` → ``family``. No stage
knows where its look-ups come from; ``dedup.detector`` composes them.
"""
