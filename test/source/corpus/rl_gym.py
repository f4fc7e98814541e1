import gymnasium as gym
from stable_baselines3 import PPO

ENV_ID = "CartPole-v1"
TOTAL_TIMESTEPS = 1_000_000
GAMMA, LAM = 0.99, 0.95
policy_kwargs = dict(net_arch=dict(pi=[64, 64], vf=[128, 128]), ortho_init=True)

env = gym.make(ENV_ID, render_mode=None, max_episode_steps=500)
model = PPO(
    "MlpPolicy", env, learning_rate=3e-4, n_steps=2048, clip_range=0.2, gamma=GAMMA,
    gae_lambda=LAM, ent_coef=0.0, policy_kwargs=policy_kwargs, verbose=1,
)
model.learn(total_timesteps=TOTAL_TIMESTEPS, progress_bar=True)
episode = 0
while episode < 10:
    episode += 1
model.save("ppo")
