import { Module } from '@nestjs/common';
import { UsersModule } from '@app/users';
import { ProfileController } from './profile.controller.js';
import { UsersController } from './users.controller.js';

// The profile first: `/users/me` is no user id.
@Module({ imports: [UsersModule], controllers: [ProfileController, UsersController] })
export class UsersApiModule {}
